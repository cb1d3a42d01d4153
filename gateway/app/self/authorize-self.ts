import type { Decision } from '../../domain/access/decision.ts';
import type { DecisionInput } from '../../domain/access/decision-input.ts';
import type { PersonId } from '../../domain/site/ids.ts';
import type { SiteMap } from '../../domain/site/site-map.ts';
import type { Clock } from '../../ports/clock.ts';
import type { PeopleStore } from '../../ports/people-store.ts';
import type { PresenceStore } from '../../ports/presence-store.ts';
import type { Random } from '../../ports/random.ts';
import type { AssembleInput } from '../access/assemble-input.ts';
import { decideGathered } from '../access/decide-gathered.ts';
import { authenticationFacts, credentialFacts, networkFacts, operatedFacts, personFacts, presenceFacts } from '../access/facts.ts';
import type { NetworkPosture } from '../access/network-posture.ts';
import type { Refuse } from '../access/refuse.ts';
import type { Authentication, Decide } from '../access/types.ts';

export type SelfAction = 'self.sign_in' | 'self.read' | 'self.close' | 'self.change';

export interface AuthorizeSelfRequest {
  readonly action: SelfAction;
  readonly personId: PersonId;
  /** Of the browser; null = it cannot be told. */
  readonly ip: string | null;
  readonly authentication: Authentication;
}

/** What people do about what is theirs passes the same gate as doors and logins. Never throws: facts that cannot be read are a deny. */
export type AuthorizeSelf = (request: AuthorizeSelfRequest) => Promise<Decision>;

export interface AuthorizeSelfDeps {
  readonly sites: SiteMap;
  readonly people: PeopleStore;
  readonly presence: PresenceStore;
  readonly network: NetworkPosture;
  readonly assemble: AssembleInput;
  readonly decide: Decide;
  readonly refuse: Refuse;
  readonly clock: Clock;
  readonly random: Random;
}

const PORTAL = { type: 'portal', id: 'portal' } as const;

export function createAuthorizeSelf(deps: AuthorizeSelfDeps): AuthorizeSelf {
  return (request) => {
    const { action, personId } = request;
    const about = { action, channel: 'portal', personId, resource: PORTAL } as const;
    return decideGathered(deps, { gather: () => gather(deps, request), about, understands: [], mode: 'online' });
  };
}

async function gather(deps: AuthorizeSelfDeps, { action, personId, ip, authentication }: AuthorizeSelfRequest): Promise<DecisionInput> {
  const nowMs = deps.clock.nowMs();
  // The epoch is read first: facts read after it are at least as new, so a revocation in between is never missed.
  const epoch = await deps.people.epoch();
  const [person, presence] = await Promise.all([deps.people.find(personId), deps.presence.find(personId)]);
  return deps.assemble({
    action,
    subject: personFacts(person),
    resource: operatedFacts(PORTAL),
    channel: 'portal',
    pep: { id: 'portal', secure: true },
    epoch,
    nowMs,
    requestId: deps.random.id('req'),
    correlation: '',
    credential: credentialFacts(action === 'self.sign_in' ? 'passkey' : 'session', 'active'),
    authentication: authenticationFacts(authentication, nowMs),
    network: networkFacts(deps.network, { source: 'request', ip }, nowMs),
    presence: presenceFacts(presence, deps.sites, nowMs),
  });
}
