import { z } from 'zod';
import { GatewayError } from '../domain/errors.ts';
import type { Passkey, Person } from '../domain/people/person.ts';
import type { CredentialId, PersonId } from '../domain/site/ids.ts';
import { tryParse } from '../domain/try-parse.ts';
import { CREDENTIALS_PER_PERSON_MAX } from '../ports/credential-store.ts';
import type { OneTimeStore } from '../ports/one-time-store.ts';
import type { CeremonyStart } from './authentication.ts';
import { createKeepPasskey, isOpen, type KeepPasskeyDeps } from './keep-passkey.ts';
import { createRegistration } from './registration.ts';
import { CHALLENGE_TTL_MS, type WebauthnSettings } from './settings.ts';

export interface PasskeyAddition {
  readonly personId: PersonId;
  /** The session for which the challenge was made: no other one can use it. */
  readonly sessionId: string;
  /** The passkey that the session began, or was last confirmed, with; null = it is not known. */
  readonly addedWith: CredentialId | null;
  readonly ceremonyId: string;
  readonly response: unknown;
  /** Null = by its number. */
  readonly label: string | null;
}

/** A further passkey of somebody who is signed in. */
export interface AdditionCeremonies {
  /** The caller has decided that the person may (`self.change`): the challenge is what the permit is worth, for CHALLENGE_TTL_MS. @throws passkey.too_many */
  begin(request: { readonly personId: PersonId; readonly sessionId: string }): Promise<CeremonyStart>;
  /** @throws enrolment.invalid, passkey.known, store.conflict, audit.unavailable */
  finish(addition: PasskeyAddition): Promise<Passkey>;
}

interface Deps extends KeepPasskeyDeps {
  readonly settings: WebauthnSettings;
  readonly oneTime: OneTimeStore;
}

const challengeSchema = z.strictObject({
  kind: z.literal('addition'),
  personId: z.string(),
  sessionId: z.string(),
  challenge: z.string(),
});

const expired = (): GatewayError => new GatewayError('enrolment.invalid', 'This took too long. Begin again.');

export function createAdditionCeremonies(deps: Deps): AdditionCeremonies {
  const { clock, credentials, oneTime, people, random } = deps;
  const registration = createRegistration(deps);
  const keep = createKeepPasskey(deps);

  const openPerson = async (id: PersonId): Promise<Person> => {
    const person = await people.find(id);
    if (!isOpen(person)) throw new GatewayError('enrolment.invalid', 'Your access is closed.');
    return person;
  };

  return {
    begin: async ({ personId, sessionId }) => {
      const passkeys = await credentials.passkeysOf(personId);
      if (passkeys.filter(({ status }) => status === 'active').length >= CREDENTIALS_PER_PERSON_MAX) {
        throw new GatewayError('passkey.too_many', 'You have as many passkeys as one may. Remove one first.');
      }
      const nowMs = clock.nowMs();
      const ceremonyId = random.id('ceremony');
      const options = await registration.optionsFor(await openPerson(personId), passkeys);
      const payloadJson = JSON.stringify({ kind: 'addition', personId, sessionId, challenge: options.challenge });
      await oneTime.put({ purpose: 'enrolment_challenge', key: ceremonyId, payloadJson, expiresAtMs: nowMs + CHALLENGE_TTL_MS, nowMs });
      return { ceremonyId, options };
    },

    finish: async ({ personId, sessionId, addedWith, ceremonyId, response, label }) => {
      const taken = await oneTime.take('enrolment_challenge', ceremonyId, clock.nowMs());
      const pending = tryParse(challengeSchema, JSON.parse(taken ?? 'null'));
      if (!pending.success || pending.data.personId !== personId || pending.data.sessionId !== sessionId) throw expired();
      const verified = await registration.verify(pending.data.challenge, response);
      const person = await openPerson(personId);
      const assertOpen = async (): Promise<void> => {
        await openPerson(personId);
        // Reported lost meanwhile: either this sees it, or what the report takes with it includes the new passkey.
        const own = addedWith === null ? undefined : (await credentials.passkeysOf(personId)).find(({ id }) => id === addedWith);
        if (own?.status === 'lost') throw new GatewayError('enrolment.invalid', 'The passkey of this session was reported lost.');
      };
      return keep({ person, verified, label, cause: 'own', addedWith, operatorId: personId, assertOpen });
    },
  };
}
