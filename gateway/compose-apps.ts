import type { AuthorizeOperator } from './app/access/types.ts';
import type { AddedApps } from './app/apps/added-apps.ts';
import { createAppDesk } from './app/apps/app-desk.ts';
import type { SignInWatch } from './app/apps/sign-in-watch.ts';
import type { PolicyDataDesk } from './app/policy-data/types.ts';
import type { SiteMap } from './domain/site/site-map.ts';
import type { AppsDeps } from './http/routes/apps-deps.ts';
import type { IdentityProvider } from './oidc/identity-provider.ts';
import { OIDC_PATH } from './oidc/types.ts';
import type { Config } from './platform/config/config.ts';
import type { AppStore } from './ports/app-store.ts';
import type { AuditLog } from './ports/audit-log.ts';
import type { Clock } from './ports/clock.ts';
import type { Random } from './ports/random.ts';

interface Parts {
  readonly config: Pick<Config, 'publicUrl' | 'listen' | 'websites' | 'clients'> & { readonly oidc: Pick<Config['oidc'], 'apis'> };
  readonly records: { readonly apps: AppStore };
  readonly addedApps: AddedApps;
  readonly sites: SiteMap;
  readonly watch: SignInWatch;
  readonly policyData: PolicyDataDesk;
  readonly authorizeOperator: AuthorizeOperator;
  readonly idp: IdentityProvider;
  readonly audit: AuditLog;
  readonly clock: Clock;
  readonly random: Random;
  /** Lets every thread that decides know the apps and the policy data of now. */
  readonly reload: () => Promise<void>;
}

export function composeApps(parts: Parts): AppsDeps {
  const { addedApps, config, idp, records, watch } = parts;
  const apis = config.oidc.apis ?? [];
  const desk = createAppDesk({
    ...parts,
    store: records.apps,
    apps: addedApps,
    apis,
    websites: () => [...config.websites, ...addedApps.websites()],
    publicUrl: config.publicUrl,
    checkClient: (app) => idp.checkClient(app),
    endClient: (clientId, cause) => idp.endClient(clientId, cause),
    removeRegistered: (appId, by) => idp.registeredClients.removeOf(appId, by),
    apply: parts.reload,
  });
  return {
    desk,
    added: addedApps,
    watch,
    configured: config.clients,
    configuredWebsites: config.websites,
    apis: apis.map(({ id, name, scopes }) => ({ id, name, scopes })),
    issuer: `${config.publicUrl}${OIDC_PATH}`,
    listen: config.listen,
  };
}
