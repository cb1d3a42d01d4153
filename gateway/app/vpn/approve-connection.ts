import type { Deny } from '../../domain/access/decision.ts';
import type { PersonId } from '../../domain/site/ids.ts';
import type { Clock } from '../../ports/clock.ts';
import type { OneTimeStore } from '../../ports/one-time-store.ts';
import type { PeopleStore } from '../../ports/people-store.ts';
import type { Random } from '../../ports/random.ts';
import type { AuthorizeVpn } from '../access/authorize-vpn.ts';
import type { Authentication } from '../access/types.ts';
import type { Approvals } from './approvals.ts';
import { findUser } from './find-user.ts';
import { keepLogin } from './recent-login.ts';
import { refusalText } from './refusal-text.ts';

export type ApprovalOutcome =
  | { readonly ok: true }
  | { readonly ok: false; readonly code: 'gone' | 'other_person' }
  | { readonly ok: false; readonly code: 'denied'; readonly deny: Deny };

/** A passkey on the page of a waiting connection: only the person whom the VPN client names may let it in. @throws store.unavailable */
export type ApproveConnection = (
  id: string,
  by: { readonly personId: PersonId; readonly authentication: Authentication },
) => Promise<ApprovalOutcome>;

interface Deps {
  readonly approvals: Approvals;
  readonly people: Pick<PeopleStore, 'find' | 'findByEmail'>;
  readonly authorizeVpn: AuthorizeVpn;
  readonly oneTime: OneTimeStore;
  readonly clock: Clock;
  readonly random: Random;
}

export function createApproveConnection({ approvals, people, authorizeVpn, oneTime, clock, random }: Deps): ApproveConnection {
  return async (id, { personId, authentication }) => {
    const waiting = approvals.find(id);
    if (waiting === null) return { ok: false, code: 'gone' };
    const { ip, realmId, userName } = waiting;
    if ((await findUser(people, userName))?.id !== personId) return { ok: false, code: 'other_person' };
    const correlation = random.id('vpn');
    const network = { source: 'pep', ip } as const;
    const decision = await authorizeVpn({ realmId, personId, credential: 'passkey', deviceId: null, authentication, network, correlation });
    if (decision.effect === 'deny') {
      approvals.settle(id, { kind: 'deny', message: refusalText(decision) });
      return { ok: false, code: 'denied', deny: decision };
    }
    await keepLogin(oneTime, { realmId, personId }, { authentication, correlation, decisionId: decision.id, ip }, clock.nowMs());
    return approvals.settle(id, { kind: 'accept', personId, decisionId: decision.id }) ? { ok: true } : { ok: false, code: 'gone' };
  };
}
