import { GatewayError } from '../../domain/errors.ts';
import type { Passkey } from '../../domain/people/person.ts';
import type { CredentialId, PersonId } from '../../domain/site/ids.ts';
import type { AuditLog } from '../../ports/audit-log.ts';
import type { Clock } from '../../ports/clock.ts';
import type { CredentialStore } from '../../ports/credential-store.ts';
import type { ConsoleSession } from '../../ports/session-store.ts';
import { createTurns } from '../directory/turns.ts';
import type { Closed } from './closed.ts';
import type { Recovery } from './own-recovery.ts';
import type { OwnSessions } from './own-sessions.ts';

export interface OwnPasskeySet {
  /** Those in use, the oldest first. */
  readonly passkeys: readonly Passkey[];
  readonly recovery: Recovery;
}

export interface Removal {
  readonly personId: PersonId;
  readonly id: CredentialId;
  /** `lost`: somebody else may have it. */
  readonly because: 'unused' | 'lost';
  /** The one that the removal is ordered from: it stays. */
  readonly session: Pick<ConsoleSession, 'id'>;
}

/** The caller has decided that the person may (`self.change`). All throw store.unavailable. */
export interface OwnPasskeys {
  list(personId: PersonId): Promise<OwnPasskeySet>;
  /** @throws resource.unknown, audit.unavailable */
  rename(personId: PersonId, id: CredentialId, label: string): Promise<Passkey>;
  /** @throws resource.unknown, passkey.last_way_in, audit.unavailable after it is out of use */
  remove(removal: Removal): Promise<Closed>;
}

export interface OwnPasskeysDeps {
  readonly credentials: CredentialStore;
  readonly ownSessions: OwnSessions;
  readonly recoveryOf: (personId: PersonId) => Promise<Recovery>;
  /** Ends what was offered to enrol another passkey with. */
  readonly withdrawLinks: (personId: PersonId) => Promise<void>;
  readonly audit: Pick<AuditLog, 'append'>;
  readonly clock: Clock;
}

const unknown = (): GatewayError => new GatewayError('resource.unknown', 'You have no such passkey.');

export function createOwnPasskeys(deps: OwnPasskeysDeps): OwnPasskeys {
  const { audit, clock, credentials, recoveryOf } = deps;
  // One after the other: two removals at once would each count the other passkey, or the other administrator, as what is left.
  const takeTurn = createTurns();

  const inUse = async (personId: PersonId): Promise<readonly Passkey[]> => {
    const active = (await credentials.passkeysOf(personId)).filter(({ status }) => status === 'active');
    return active.toSorted((left, right) => left.createdAtMs - right.createdAtMs || (left.id < right.id ? -1 : 1));
  };
  const find = async (personId: PersonId, id: CredentialId): Promise<Passkey> => {
    const found = (await inUse(personId)).find((passkey) => passkey.id === id);
    // Another person's is as unknown as none.
    if (found === undefined) throw unknown();
    return found;
  };
  const append = async (personId: PersonId, id: CredentialId, event: 'renamed' | 'revoked', cause: string): Promise<void> => {
    const fact = { event, kind: 'passkey', personId, credentialId: id, cause, operatorId: personId } as const;
    await audit.append({ type: 'credential', occurredAtMs: clock.nowMs(), ...fact });
  };
  return {
    list: async (personId) => ({ passkeys: await inUse(personId), recovery: await recoveryOf(personId) }),

    rename: async (personId, id, label) => {
      const passkey = await find(personId, id);
      await append(personId, id, 'renamed', 'own');
      await credentials.renamePasskey(id, label);
      return { ...passkey, label };
    },

    remove: async ({ personId, id, because, session }) => {
      await takeTurn(async () => {
        await find(personId, id);
        const others = (await inUse(personId)).filter((passkey) => passkey.id !== id);
        if (others.length === 0 && !(await recoveryOf(personId)).registered) {
          throw new GatewayError('passkey.last_way_in', 'Without this passkey nothing would let you in again. Add another one first.');
        }
        if (because === 'lost') await deps.withdrawLinks(personId);
        // Out of use before anything else: what is closed afterwards cannot be opened with it again.
        await credentials.setStatus(id, because === 'lost' ? 'lost' : 'revoked');
      });
      const closing =
        because === 'lost'
          ? deps.ownSessions.closeOthers(personId, session.id, 'passkey.lost')
          : // Of the gateway's own pages it is known with which passkey a session began.
            deps.ownSessions.closeOwnPages(personId, 'passkey.removed', (own) => own.credentialId === id && own.id !== session.id);
      const [closed] = await Promise.all([closing, append(personId, id, 'revoked', `own:${because}`)]);
      return closed;
    },
  };
}
