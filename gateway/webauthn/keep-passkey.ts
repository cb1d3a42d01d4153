import { GatewayError } from '../domain/errors.ts';
import { isOperator } from '../domain/people/operator.ts';
import type { Passkey, Person } from '../domain/people/person.ts';
import type { CredentialId, PersonId } from '../domain/site/ids.ts';
import type { AuditLog } from '../ports/audit-log.ts';
import type { Clock } from '../ports/clock.ts';
import type { CredentialStore } from '../ports/credential-store.ts';
import type { PeopleStore } from '../ports/people-store.ts';
import type { Random } from '../ports/random.ts';
import type { VerifiedPasskey } from './registration.ts';

export interface KeepPasskeyDeps {
  readonly people: PeopleStore;
  readonly credentials: CredentialStore;
  readonly audit: AuditLog;
  readonly clock: Clock;
  readonly random: Random;
}

export interface NewPasskey {
  readonly person: Person;
  readonly verified: VerifiedPasskey;
  /** Null = by its number. */
  readonly label: string | null;
  /** Why it may be kept: `link`, or `own`. */
  readonly cause: string;
  /** The passkey of the session that adds it; null for a link. */
  readonly addedWith: CredentialId | null;
  /** Who gave the link; the person, for one that they added themselves. */
  readonly operatorId: PersonId;
  /** Looked at again after the write. @throws enrolment.invalid the person, or who gave the link, is closed meanwhile */
  readonly assertOpen: () => Promise<unknown>;
}

/**
 * Records a new passkey and keeps it. A further passkey of an operator is an alarm.
 * @throws store.conflict, audit.unavailable, and what `assertOpen` throws, the passkey then being taken back
 */
export type KeepPasskey = (request: NewPasskey) => Promise<Passkey>;

export function isOpen(person: Person | null): person is Person {
  return person !== null && person.standing !== 'suspended' && person.standing !== 'departed';
}

export function createKeepPasskey({ audit, clock, credentials, random }: KeepPasskeyDeps): KeepPasskey {
  return async ({ person, verified, label, cause, addedWith, operatorId, assertOpen }) => {
    const personId = person.id;
    const createdAtMs = clock.nowMs();
    const id = random.id('passkey') as CredentialId;
    const existing = await credentials.passkeysOf(personId);
    // One that is registered already must not be recorded as enrolled.
    if ((await credentials.findPasskey(verified.webauthnId)) !== null) {
      throw new GatewayError('passkey.known', 'This authenticator is registered already.');
    }
    // Recorded before: a passkey that the log does not know must not exist.
    await audit.append({
      type: 'credential',
      occurredAtMs: createdAtMs,
      event: 'enrolled',
      kind: 'passkey',
      personId,
      credentialId: id,
      cause,
      operatorId,
    });
    if (isOperator(person) && existing.some(({ status }) => status === 'active')) {
      // Whoever gets a second key into an operator's account has the operator's power without taking anything away from them.
      const alarm = { code: 'operator.passkey_added', sourceType: 'gateway', sourceId: personId, active: true, personId } as const;
      await audit.append({ type: 'alarm', occurredAtMs: createdAtMs, ...alarm });
    }
    const passkey: Passkey = {
      ...verified,
      id,
      personId,
      label: label ?? `Passkey ${String(existing.length + 1)}`,
      status: 'active',
      createdAtMs,
      lastUsedAtMs: null,
      addedWith,
    };
    await credentials.addPasskey(passkey);
    // A suspension that came between the check and the new passkey has not seen the passkey: it is taken back here.
    await assertOpen().catch(async (failure: unknown) => {
      await credentials.setStatus(id, 'revoked');
      const fact = { event: 'revoked', kind: 'passkey', personId, credentialId: id, cause: 'enrolment_closed', operatorId: null } as const;
      await audit.append({ type: 'credential', occurredAtMs: clock.nowMs(), ...fact });
      throw failure;
    });
    return passkey;
  };
}
