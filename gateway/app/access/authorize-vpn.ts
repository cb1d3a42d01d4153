import type { Decision } from '../../domain/access/decision.ts';
import type { DecisionInput } from '../../domain/access/decision-input.ts';
import type { PersonId, VpnRealmId } from '../../domain/site/ids.ts';
import { resourceFacts } from '../authzen/names.ts';
import type { AuthorizeAppDeps } from './authorize-app.ts';
import { authenticationFacts, credentialFacts, networkFacts, personFacts, presenceFacts } from './facts.ts';
import type { Authentication, NetworkEvidence } from './types.ts';

export interface AuthorizeVpnRequest {
  readonly realmId: VpnRealmId;
  readonly personId: PersonId;
  /** `passkey` where the person gave it for this connection; `session` for a tunnel that is up. */
  readonly credential: 'passkey' | 'session';
  /** Null = it is not known how the person authenticated, which the policy denies. */
  readonly authentication: Authentication | null;
  readonly network: NetworkEvidence;
  /** Joins the decisions of one connection. */
  readonly correlation: string;
}

/** Whether a person may use a VPN realm now: asked before a code is given out, when it is used, and at each sign of life of a tunnel. */
export type AuthorizeVpn = (request: AuthorizeVpnRequest) => Promise<Decision>;

/** Never throws: facts that cannot be read are a recorded deny. */
export function createAuthorizeVpn(deps: AuthorizeAppDeps): AuthorizeVpn {
  return async (request) => {
    const input = await gather(deps, request).catch(() => null);
    if (input !== null) return deps.decide({ input, understands: [], mode: 'online' });
    const resource = { type: 'vpn_realm', id: request.realmId } as const;
    return deps.refuse({ action: 'vpn.connect', channel: 'vpn', personId: request.personId, resource, reason: 'store.unavailable' });
  };
}

async function gather(deps: AuthorizeAppDeps, request: AuthorizeVpnRequest): Promise<DecisionInput> {
  const nowMs = deps.clock.nowMs();
  // The epoch is read first: facts read after it are at least as new, so a revocation in between is never missed.
  const epoch = await deps.people.epoch();
  const [person, presence] = await Promise.all([deps.people.find(request.personId), deps.presence.find(request.personId)]);
  return deps.assemble({
    action: 'vpn.connect',
    subject: personFacts(person),
    resource: resourceFacts(deps.sites, 'vpn_realm', request.realmId),
    channel: 'vpn',
    pep: { id: `vpn:${request.realmId}`, secure: true },
    epoch,
    nowMs,
    requestId: deps.random.id('req'),
    correlation: request.correlation,
    credential: credentialFacts(request.credential, 'active'),
    authentication: authenticationFacts(request.authentication, nowMs),
    network: networkFacts(deps.network, request.network, nowMs),
    presence: presenceFacts(presence, deps.sites, nowMs),
  });
}
