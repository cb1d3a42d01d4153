import { upstreamAssurance } from '../../domain/access/assurance.ts';
import type { DecisionInput } from '../../domain/access/decision-input.ts';
import type { SiteMap } from '../../domain/site/site-map.ts';
import type { App } from '../../domain/site/site.ts';
import type { Clock } from '../../ports/clock.ts';
import type { HoldingsStore } from '../../ports/holdings-store.ts';
import type { Random } from '../../ports/random.ts';
import type { FindDeskFacts } from '../desk/desk-facts.ts';
import type { AssembleInput } from './assemble-input.ts';
import { decideGathered } from './decide-gathered.ts';
import { appFacts, authenticationFacts, credentialFacts, networkFacts, personFacts, presenceFacts, unknownResourceFacts } from './facts.ts';
import type { NetworkPosture } from './network-posture.ts';
import type { Refuse } from './refuse.ts';
import type { AuthorizeApp, AuthorizeAppRequest, Decide } from './types.ts';

export interface AuthorizeAppDeps {
  readonly sites: SiteMap;
  readonly holdings: Pick<HoldingsStore, 'findPerson'>;
  readonly network: NetworkPosture;
  /** Absent where nobody keeps computers: nothing is known of any. */
  readonly deskFacts?: FindDeskFacts;
  readonly assemble: AssembleInput;
  readonly decide: Decide;
  readonly refuse: Refuse;
  readonly clock: Clock;
  readonly random: Random;
}

/** Logins and refreshes of OIDC clients: gathers the live facts and asks. Never throws: unreadable facts are a deny. */
export function createAuthorizeApp(deps: AuthorizeAppDeps): AuthorizeApp {
  return (request) => {
    const { action, onPermit, personId } = request;
    return decideGathered(deps, {
      gather: () => gather(deps, request),
      about: { action, channel: 'oidc', personId, resource: { type: 'app', id: appOf(deps, request)?.id ?? 'unknown' } },
      // A refresh comes from the app's server: nobody is there to step up.
      understands: action === 'app.login' ? ['step_up', 'face'] : [],
      mode: 'online',
      onPermit,
    });
  };
}

function appOf({ sites }: AuthorizeAppDeps, { appId, clientId }: AuthorizeAppRequest): App | undefined {
  // A client that was registered for an app is switched off with it.
  return sites.appOfClient(appId === undefined ? clientId : (sites.app(appId)?.clientId ?? clientId));
}

/** What was shown at an identity provider outside is to the policy a session there. */
const isPasskeySignIn = ({ action, authentication }: AuthorizeAppRequest): boolean =>
  action === 'app.login' && (authentication === null || upstreamAssurance(authentication.acr) === null);

async function gather(deps: AuthorizeAppDeps, request: AuthorizeAppRequest): Promise<DecisionInput> {
  const nowMs = deps.clock.nowMs();
  const app = appOf(deps, request);
  const { epoch, person, presence } = await deps.holdings.findPerson(request.personId);
  const desk = await deps.deskFacts?.(request.sessionUid ?? null, request.personId, nowMs);
  return deps.assemble({
    ...desk,
    action: request.action,
    subject: personFacts(person),
    resource: app === undefined ? unknownResourceFacts('app', request.clientId) : appFacts(app),
    channel: 'oidc',
    pep: { id: `oidc:${request.clientId}`, secure: true },
    epoch,
    nowMs,
    requestId: deps.random.id('req'),
    correlation: request.correlation,
    credential: credentialFacts(isPasskeySignIn(request) ? 'passkey' : 'session', 'active'),
    authentication: authenticationFacts(request.authentication, nowMs),
    network: networkFacts(deps.network, request.network, nowMs),
    presence: presenceFacts(presence, deps.sites, nowMs),
  });
}
