import type { Clock } from '../../ports/clock.ts';
import type { PeopleStore } from '../../ports/people-store.ts';
import type { Random } from '../../ports/random.ts';
import type { AuthorizeVpn } from '../access/authorize-vpn.ts';
import type { CodeBook } from './code-book.ts';
import type { IssueCode } from './types.ts';

interface Deps {
  readonly people: Pick<PeopleStore, 'find'>;
  readonly authorizeVpn: AuthorizeVpn;
  readonly codes: CodeBook;
  readonly clock: Clock;
  readonly random: Random;
}

/** Asked already here, where a page can say at length why not, and again when the code is used. */
export function createIssueCode({ people, authorizeVpn, codes, clock, random }: Deps): IssueCode {
  return async ({ realmId, personId, authentication, ip }) => {
    const correlation = random.id('vpn');
    const network = { source: 'request', ip } as const;
    const decision = await authorizeVpn({ realmId, personId, credential: 'passkey', deviceId: null, authentication, network, correlation });
    if (decision.effect === 'deny') return { ok: false, deny: decision };
    const { code, expiresAtMs } = await codes.put({ realmId, personId }, { authentication, correlation }, clock.nowMs());
    const person = await people.find(personId);
    return { ok: true, userName: person?.email ?? personId, code, expiresAtMs };
  };
}
