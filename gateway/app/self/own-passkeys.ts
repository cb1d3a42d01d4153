import { GatewayError } from '../../domain/errors.ts';
import { addedWith } from '../../domain/people/added-with.ts';
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
  /** Of each, those that go with it when it is lost. */
  readonly addedWith: ReadonlyMap<CredentialId, readonly Passkey[]>;
  readonly recovery: Recovery;
}

export interface Removal {
  readonly personId: PersonId;
  readonly id: CredentialId;
  /** `lost`: somebody else may have it. */
  readonly because: 'unused' | 'lost';
  /** Of those that were added with a lost one, what the person says is theirs. The others are removed as well. */
  readonly keep: readonly CredentialId[];
  /** The one that the removal is ordered from: it stays, and the passkey that it was confirmed with. */
  readonly session: Pick<ConsoleSession, 'id' | 'credentialId'>;
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

function inUseOf(passkeys: readonly Passkey[]): readonly Passkey[] {
  const active = passkeys.filter(({ status }) => status === 'active');
  return active.toSorted((left, right) => left.createdAtMs - right.createdAtMs || (left.id < right.id ? -1 : 1));
}

/** In use. @throws resource.unknown also for another person's */
function findIn(passkeys: readonly Passkey[], id: CredentialId): Passkey {
  const found = passkeys.find((passkey) => passkey.id === id && passkey.status === 'active');
  if (found === undefined) throw unknown();
  return found;
}

/** What is removed with a lost one: whoever had it may have added them. */
function goingWith(passkeys: readonly Passkey[], { because, id, keep, session }: Removal): readonly CredentialId[] {
  if (because !== 'lost') return [];
  return addedWith(passkeys, id).flatMap((one) => (one.id === session.credentialId || keep.includes(one.id) ? [] : [one.id]));
}

export function createOwnPasskeys(deps: OwnPasskeysDeps): OwnPasskeys {
  const { audit, clock, credentials, recoveryOf } = deps;
  // One after the other: two removals at once would each count the other passkey, or the other administrator, as what is left.
  const takeTurn = createTurns();

  const append = async (personId: PersonId, id: CredentialId, event: 'renamed' | 'revoked', cause: string): Promise<void> => {
    const fact = { event, kind: 'passkey', personId, credentialId: id, cause, operatorId: personId } as const;
    await audit.append({ type: 'credential', occurredAtMs: clock.nowMs(), ...fact });
  };
  return {
    list: async (personId) => {
      const all = await credentials.passkeysOf(personId);
      const passkeys = inUseOf(all);
      return {
        passkeys,
        addedWith: new Map(passkeys.map(({ id }) => [id, addedWith(all, id)])),
        recovery: await recoveryOf(personId),
      };
    },

    rename: async (personId, id, label) => {
      const passkey = findIn(await credentials.passkeysOf(personId), id);
      await append(personId, id, 'renamed', 'own');
      await credentials.renamePasskey(id, label);
      return { ...passkey, label };
    },

    remove: async (removal) => {
      const { personId, id, because, session } = removal;
      const alsoRemoved = await takeTurn(async () => {
        const all = await credentials.passkeysOf(personId);
        findIn(all, id);
        const going = new Set([id, ...goingWith(all, removal)]);
        const others = inUseOf(all).filter((passkey) => !going.has(passkey.id));
        if (others.length === 0 && !(await recoveryOf(personId)).registered) {
          throw new GatewayError('passkey.last_way_in', 'Without this passkey nothing would let you in again. Add another one first.');
        }
        if (because === 'lost') await deps.withdrawLinks(personId);
        // Out of use before anything else: what is closed afterwards cannot be opened with it again.
        await credentials.setStatus(id, because === 'lost' ? 'lost' : 'revoked');
        // Looked for after that: what was being added with it meanwhile is either here, or sees that it is lost.
        const also = goingWith(await credentials.passkeysOf(personId), removal);
        for (const one of also) await credentials.setStatus(one, 'revoked');
        return also;
      });
      const closing =
        because === 'lost'
          ? deps.ownSessions.closeOthers(personId, session.id, 'passkey.lost')
          : // Of the gateway's own pages it is known with which passkey a session began.
            deps.ownSessions.closeOwnPages(personId, 'passkey.removed', (own) => own.credentialId === id && own.id !== session.id);
      const [closed] = await Promise.all([
        closing,
        append(personId, id, 'revoked', `own:${because}`),
        ...alsoRemoved.map((one) => append(personId, one, 'revoked', 'own:added_with_lost')),
      ]);
      return closed;
    },
  };
}
