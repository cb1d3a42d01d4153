import { openCountryDatabase } from '#adapters/geo/country-database.ts';
import type { OpenedAuditLog } from '#adapters/sqlite/audit/open-audit-log.ts';
import { createAuthorizeApp } from './app/access/authorize-app.ts';
import { createAuthorizeOperator } from './app/access/authorize-operator.ts';
import { createNetworkPosture, type NetworkPosture } from './app/access/network-posture.ts';
import { createReliedAnswers } from './app/access/relied-answers.ts';
import type { AuthorizeApp, AuthorizeOperator } from './app/access/types.ts';
import { createSignInWatch, type SignInWatch } from './app/apps/sign-in-watch.ts';
import { createFindDeskFacts } from './app/desk/desk-facts.ts';
import { composeDecisions } from './compose-decisions.ts';
import { websiteClients } from './compose-forward-auth.ts';
import { composeUpstreamState, type UpstreamState } from './compose-upstream.ts';
import type { Records } from './compose-records.ts';
import { createClientAddresses, type ClientAddresses } from './http/middleware/client-ip.ts';
import { createIdentityProvider, type IdentityProvider } from './oidc/identity-provider.ts';
import type { ComposeOptions } from './compose-options.ts';

export type Deciding = Awaited<ReturnType<typeof composeDecisions>>;

export interface Asking extends Deciding {
  readonly network: NetworkPosture;
  readonly authorizeApp: AuthorizeApp;
  readonly authorizeOperator: AuthorizeOperator;
  readonly addresses: ClientAddresses;
  readonly watch: SignInWatch;
  readonly upstreamState: UpstreamState | null;
  readonly idp: IdentityProvider;
}

/** Everything that asks the policy from the main thread, the identity provider included. */
export async function composeAsking({ config, demo, log }: ComposeOptions, records: Records, audit: OpenedAuditLog): Promise<Asking> {
  const countryOf = config.countryDatabase === null ? undefined : await openCountryDatabase(config.countryDatabase);
  const deciding = {
    ...(await composeDecisions(config, records, audit)),
    network: createNetworkPosture(config.networks, demo?.zone, countryOf),
    deskFacts: createFindDeskFacts({ devices: records.deskDevices, sessions: records.deskSessions }),
  };
  const authorizeApp = createAuthorizeApp(deciding);
  const addresses = createClientAddresses(config.trustedProxies);
  const watch = createSignInWatch(deciding.clock);
  const upstreamState = composeUpstreamState({ ...deciding, ...records, config });
  const idp = await createIdentityProvider({
    ...deciding,
    upstream: upstreamState,
    settings: { publicUrl: config.publicUrl, ...config.oidc },
    clients: [...config.clients, ...websiteClients(config.websites, deciding.random)],
    addedClients: deciding.addedApps,
    watch,
    authorizeApp,
    relyOn: createReliedAnswers({ ...deciding, audit }),
    clientIp: (request) => addresses.clientIp(request),
    isTrustedPeer: ({ socket }) => socket.remoteAddress !== undefined && addresses.isProxy(socket.remoteAddress),
    credentials: records.credentials,
    oidcStore: records.oidc,
    secrets: records.secrets,
    audit,
    log,
  });
  return { ...deciding, authorizeApp, authorizeOperator: createAuthorizeOperator(deciding), addresses, watch, upstreamState, idp };
}
