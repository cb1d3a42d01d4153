import { createHash } from 'node:crypto';
import { generateRegistrationOptions, verifyRegistrationResponse, type RegistrationResponseJSON } from '@simplewebauthn/server';
import { z } from 'zod';
import { GatewayError } from '../domain/errors.ts';
import type { Passkey, Person } from '../domain/people/person.ts';
import type { CredentialId, PersonId } from '../domain/site/ids.ts';
import type { AuditLog } from '../ports/audit-log.ts';
import type { Clock } from '../ports/clock.ts';
import type { CredentialStore } from '../ports/credential-store.ts';
import type { OneTimeStore } from '../ports/one-time-store.ts';
import type { PeopleStore } from '../ports/people-store.ts';
import type { Random } from '../ports/random.ts';
import type { CeremonyStart } from './authentication.ts';
import { attestationResponseSchema } from './response-schemas.ts';
import { CHALLENGE_BYTES, CHALLENGE_TTL_MS, ENROLMENT_TOKEN_BYTES, relyingPartyOf, type WebauthnSettings } from './settings.ts';

export interface EnrolmentOffer {
  /** With the token in the fragment: it never reaches a server log or a Referer. Shown once; only its hash is kept. */
  readonly url: string;
  readonly expiresAtMs: number;
}

export interface EnrolmentStart extends CeremonyStart {
  readonly displayName: string;
  readonly expiresAtMs: number;
}

export interface EnrolmentCeremonies {
  /** The caller has decided that the operator may (`person.enrol`). @throws resource.unknown, audit.unavailable */
  offer(request: { readonly personId: PersonId; readonly operatorId: PersonId }): Promise<EnrolmentOffer>;
  /** Looks at the link without using it up. @throws enrolment.invalid unknown, used or expired link, or a closed person */
  begin(token: string): Promise<EnrolmentStart>;
  /** Stores the new passkey and uses the link up. @throws enrolment.invalid, store.conflict, audit.unavailable */
  finish(ceremonyId: string, response: unknown): Promise<Person>;
}

interface Deps {
  readonly settings: WebauthnSettings;
  readonly people: PeopleStore;
  readonly credentials: CredentialStore;
  readonly oneTime: OneTimeStore;
  readonly audit: AuditLog;
  readonly clock: Clock;
  readonly random: Random;
}

const linkSchema = z.strictObject({ personId: z.string(), expiresAtMs: z.number() });
const challengeSchema = z.strictObject({ kind: z.literal('registration'), tokenHash: z.string(), challenge: z.string() });

const hashToken = (token: string): string => createHash('sha256').update(token, 'utf8').digest('hex');
const invalid = (message: string, cause?: unknown): GatewayError => new GatewayError('enrolment.invalid', message, { cause });
const LINK_GONE = 'This link has been used or has expired. Ask for a new one.';

export function createEnrolmentCeremonies(deps: Deps): EnrolmentCeremonies {
  const { clock, credentials, oneTime, random, settings } = deps;
  const party = relyingPartyOf(settings.publicUrl);

  const readLink = (payloadJson: string | null): { readonly personId: PersonId; readonly expiresAtMs: number } => {
    if (payloadJson === null) throw invalid(LINK_GONE);
    const { personId, expiresAtMs } = linkSchema.parse(JSON.parse(payloadJson));
    return { personId: personId as PersonId, expiresAtMs };
  };

  const openPerson = async (personId: PersonId): Promise<Person> => {
    const person = await deps.people.find(personId);
    if (person === null || person.standing === 'suspended' || person.standing === 'departed') throw invalid(LINK_GONE);
    return person;
  };

  const record = async (
    event: 'enrolment_offered' | 'enrolled',
    personId: PersonId,
    credentialId: CredentialId | null,
    operatorId: PersonId | null,
  ) => {
    const kind = event === 'enrolled' ? ('passkey' as const) : ('enrolment_link' as const);
    await deps.audit.append({
      type: 'credential',
      occurredAtMs: clock.nowMs(),
      event,
      kind,
      personId,
      credentialId,
      cause: 'link',
      operatorId,
    });
  };

  const verify = async (
    challenge: string,
    raw: unknown,
  ): Promise<Omit<Passkey, 'id' | 'personId' | 'label' | 'status' | 'createdAtMs'>> => {
    const parsed = attestationResponseSchema.safeParse(raw);
    if (!parsed.success) throw invalid('The passkey could not be read.', parsed.error);
    const verification = await verifyRegistrationResponse({
      response: parsed.data as RegistrationResponseJSON,
      expectedChallenge: challenge,
      expectedOrigin: party.origin,
      expectedRPID: party.id,
      requireUserVerification: true,
    }).catch((cause: unknown) => {
      throw invalid('The passkey could not be verified.', cause);
    });
    if (!verification.verified) throw invalid('The passkey could not be verified.');
    const { credential, credentialBackedUp } = verification.registrationInfo;
    return {
      webauthnId: credential.id,
      publicKey: credential.publicKey,
      counter: credential.counter,
      transports: parsed.data.response.transports,
      backedUp: credentialBackedUp,
    };
  };

  return {
    offer: async ({ personId, operatorId }) => {
      if ((await deps.people.find(personId)) === null) throw new GatewayError('resource.unknown', 'This person is not known.');
      const nowMs = clock.nowMs();
      const token = Buffer.from(random.bytes(ENROLMENT_TOKEN_BYTES)).toString('base64url');
      const expiresAtMs = nowMs + settings.enrolmentLinkTtlS * 1_000;
      // Recorded first: a link that the log does not know must not exist.
      await record('enrolment_offered', personId, null, operatorId);
      await oneTime.put({
        purpose: 'enrolment',
        key: hashToken(token),
        payloadJson: JSON.stringify({ personId, expiresAtMs }),
        expiresAtMs,
        nowMs,
      });
      return { url: `${settings.publicUrl}/enrol#${token}`, expiresAtMs };
    },

    begin: async (token) => {
      const nowMs = clock.nowMs();
      const tokenHash = hashToken(token);
      const { personId, expiresAtMs } = readLink(await oneTime.peek('enrolment', tokenHash, nowMs));
      const person = await openPerson(personId);
      const existing = await credentials.passkeysOf(personId);
      const options = await generateRegistrationOptions({
        rpName: 'Gatehouse',
        rpID: party.id,
        userName: person.email ?? person.displayName,
        userDisplayName: person.displayName,
        userID: new TextEncoder().encode(personId),
        challenge: Uint8Array.from(random.bytes(CHALLENGE_BYTES)),
        timeout: CHALLENGE_TTL_MS,
        attestationType: 'none',
        excludeCredentials: existing.map(({ webauthnId, transports }) => ({ id: webauthnId, transports: [...transports] })),
        authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
      });
      const ceremonyId = random.id('ceremony');
      const payloadJson = JSON.stringify({ kind: 'registration', tokenHash, challenge: options.challenge });
      await oneTime.put({ purpose: 'webauthn_challenge', key: ceremonyId, payloadJson, expiresAtMs: nowMs + CHALLENGE_TTL_MS, nowMs });
      return { ceremonyId, displayName: person.displayName, expiresAtMs, options };
    },

    finish: async (ceremonyId, response) => {
      const nowMs = clock.nowMs();
      const pending = challengeSchema.safeParse(JSON.parse((await oneTime.take('webauthn_challenge', ceremonyId, nowMs)) ?? 'null'));
      if (!pending.success) throw invalid('This enrolment has expired. Open the link again.');
      const verified = await verify(pending.data.challenge, response);
      // Taken only now: a failed attempt leaves the link usable, two attempts at once leave one passkey.
      const { personId } = readLink(await oneTime.take('enrolment', pending.data.tokenHash, nowMs));
      const person = await openPerson(personId);
      const id = random.id('passkey') as CredentialId;
      const label = `Passkey ${String((await credentials.passkeysOf(personId)).length + 1)}`;
      await record('enrolled', personId, id, null);
      await credentials.addPasskey({ ...verified, id, personId, label, status: 'active', createdAtMs: nowMs });
      return person;
    },
  };
}
