import { createHash } from 'node:crypto';
import { generateRegistrationOptions, verifyRegistrationResponse } from '@simplewebauthn/server';
import { z } from 'zod';
import { DEFAULT_OPERATOR_ROLES } from '../domain/access/policy-data.ts';
import type { AuditRecordOf } from '../domain/audit/record.ts';
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
  /**
   * Looks at the link without using it up.
   * @throws enrolment.invalid unknown, used or expired link, or the person or the operator who offered it is closed
   */
  begin(token: string): Promise<EnrolmentStart>;
  /**
   * Stores the new passkey and uses the link up. A further passkey of an operator is an alarm.
   * @throws enrolment.invalid, store.conflict, audit.unavailable
   */
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

/** The owner of the control socket, who is no person of the store. */
const HOST_OPERATOR = 'local';
const linkSchema = z.strictObject({ personId: z.string(), operatorId: z.string(), expiresAtMs: z.number() });
const challengeSchema = z.strictObject({ kind: z.literal('registration'), tokenHash: z.string(), challenge: z.string() });

const hashToken = (token: string): string => createHash('sha256').update(token, 'utf8').digest('hex');
const invalid = (message: string, cause?: unknown): GatewayError => new GatewayError('enrolment.invalid', message, { cause });
const LINK_GONE = 'This link has been used or has expired. Ask for a new one.';

interface Link {
  readonly personId: PersonId;
  readonly operatorId: PersonId;
  readonly expiresAtMs: number;
}

function readLink(payloadJson: string | null): Link {
  const link = linkSchema.safeParse(JSON.parse(payloadJson ?? 'null'));
  // A link of an earlier version does not name its operator: it is asked for again.
  if (!link.success) throw invalid(LINK_GONE);
  const { personId, operatorId, expiresAtMs } = link.data;
  // Written by `offer` from the ids of people.
  return { personId: personId as PersonId, operatorId: operatorId as PersonId, expiresAtMs };
}

function isOpen(person: Person | null): person is Person {
  return person !== null && person.standing !== 'suspended' && person.standing !== 'departed';
}

const isOperator = (person: Person): boolean => person.roles.some((role) => Object.hasOwn(DEFAULT_OPERATOR_ROLES, role));

export function createEnrolmentCeremonies(deps: Deps): EnrolmentCeremonies {
  return new StoredEnrolmentCeremonies(deps);
}

type VerifiedPasskey = Pick<Passkey, 'webauthnId' | 'publicKey' | 'counter' | 'transports' | 'backedUp'>;

class StoredEnrolmentCeremonies implements EnrolmentCeremonies {
  readonly #deps: Deps;
  readonly #party: ReturnType<typeof relyingPartyOf>;

  constructor(deps: Deps) {
    this.#deps = deps;
    this.#party = relyingPartyOf(deps.settings.publicUrl);
  }

  async offer({ personId, operatorId }: { readonly personId: PersonId; readonly operatorId: PersonId }): Promise<EnrolmentOffer> {
    const { clock, oneTime, people, random, settings } = this.#deps;
    if ((await people.find(personId)) === null) throw new GatewayError('resource.unknown', 'This person is not known.');
    const nowMs = clock.nowMs();
    const token = Buffer.from(random.bytes(ENROLMENT_TOKEN_BYTES)).toString('base64url');
    const expiresAtMs = nowMs + settings.enrolmentLinkTtlS * 1_000;
    // Recorded first: a link that the log does not know must not exist.
    await this.#record({ event: 'enrolment_offered', kind: 'enrolment_link', personId, credentialId: null, cause: 'link', operatorId });
    const payloadJson = JSON.stringify({ personId, operatorId, expiresAtMs } satisfies Link);
    await oneTime.put({ purpose: 'enrolment', key: hashToken(token), payloadJson, expiresAtMs, nowMs });
    return { url: `${settings.publicUrl}/enrol#${token}`, expiresAtMs };
  }

  async begin(token: string): Promise<EnrolmentStart> {
    const { clock, oneTime, random } = this.#deps;
    const nowMs = clock.nowMs();
    const tokenHash = hashToken(token);
    const link = readLink(await oneTime.peek('enrolment', tokenHash, nowMs));
    const person = await this.#personOf(link);
    const options = await this.#registrationOptions(person);
    const ceremonyId = random.id('ceremony');
    const payloadJson = JSON.stringify({ kind: 'registration', tokenHash, challenge: options.challenge });
    await oneTime.put({ purpose: 'enrolment_challenge', key: ceremonyId, payloadJson, expiresAtMs: nowMs + CHALLENGE_TTL_MS, nowMs });
    return { ceremonyId, displayName: person.displayName, expiresAtMs: link.expiresAtMs, options };
  }

  async finish(ceremonyId: string, response: unknown): Promise<Person> {
    const { clock, oneTime } = this.#deps;
    const nowMs = clock.nowMs();
    const pending = challengeSchema.safeParse(JSON.parse((await oneTime.take('enrolment_challenge', ceremonyId, nowMs)) ?? 'null'));
    if (!pending.success) throw invalid('This enrolment has expired. Open the link again.');
    const verified = await this.#verify(pending.data.challenge, response);
    // Taken only now: a failed attempt leaves the link usable, two attempts at once leave one passkey.
    const link = readLink(await oneTime.take('enrolment', pending.data.tokenHash, nowMs));
    const person = await this.#personOf(link);
    const id = await this.#addPasskey(person, link, verified);
    await this.#revokeIfClosed(link, id);
    return person;
  }

  async #addPasskey(person: Person, { operatorId }: Link, verified: VerifiedPasskey): Promise<CredentialId> {
    const { audit, clock, credentials, random } = this.#deps;
    const personId = person.id;
    const createdAtMs = clock.nowMs();
    const id = random.id('passkey') as CredentialId;
    const existing = await credentials.passkeysOf(personId);
    // Recorded first, as everywhere: a passkey that the log does not know must not exist.
    await this.#record({ event: 'enrolled', kind: 'passkey', personId, credentialId: id, cause: 'link', operatorId });
    if (isOperator(person) && existing.some(({ status }) => status === 'active')) {
      // Whoever gets a second key into an operator's account has the operator's power without taking anything away from them.
      const alarm = { code: 'operator.passkey_added', sourceType: 'gateway', sourceId: personId, active: true, personId } as const;
      await audit.append({ type: 'alarm', occurredAtMs: createdAtMs, ...alarm });
    }
    const label = `Passkey ${String(existing.length + 1)}`;
    await credentials.addPasskey({ ...verified, id, personId, label, status: 'active', createdAtMs });
    return id;
  }

  /** A suspension that came between the check and the new passkey has not seen the passkey: it is taken back here. */
  async #revokeIfClosed(link: Link, id: CredentialId): Promise<void> {
    try {
      await this.#personOf(link);
    } catch (cause) {
      await this.#deps.credentials.setStatus(id, 'revoked');
      const { personId } = link;
      await this.#record({ event: 'revoked', kind: 'passkey', personId, credentialId: id, cause: 'enrolment_closed', operatorId: null });
      throw cause;
    }
  }

  /** Whom the link is for, as long as both they and the operator who offered it are open. @throws enrolment.invalid */
  async #personOf({ personId, operatorId }: Link): Promise<Person> {
    const { people } = this.#deps;
    if (operatorId !== HOST_OPERATOR && !isOpen(await people.find(operatorId))) throw invalid(LINK_GONE);
    const person = await people.find(personId);
    if (!isOpen(person)) throw invalid(LINK_GONE);
    return person;
  }

  async #registrationOptions(person: Person) {
    const existing = await this.#deps.credentials.passkeysOf(person.id);
    return generateRegistrationOptions({
      rpName: 'Gatehouse',
      rpID: this.#party.id,
      userName: person.email ?? person.displayName,
      userDisplayName: person.displayName,
      // WebAuthn 5.4.3 wants no personal data in the user handle: it is the opaque person id.
      userID: new TextEncoder().encode(person.id),
      challenge: Uint8Array.from(this.#deps.random.bytes(CHALLENGE_BYTES)),
      timeout: CHALLENGE_TTL_MS,
      attestationType: 'none',
      excludeCredentials: existing.map(({ webauthnId, transports }) => ({ id: webauthnId, transports: [...transports] })),
      authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
    });
  }

  async #verify(challenge: string, raw: unknown): Promise<VerifiedPasskey> {
    const parsed = attestationResponseSchema.safeParse(raw);
    if (!parsed.success) throw invalid('The passkey could not be read.', parsed.error);
    const { data } = parsed;
    const verification = await verifyRegistrationResponse({
      response: data,
      expectedChallenge: challenge,
      expectedOrigin: this.#party.origin,
      expectedRPID: this.#party.id,
      requireUserVerification: true,
    }).catch((cause: unknown) => {
      throw invalid('The passkey could not be verified.', cause);
    });
    if (!verification.verified) throw invalid('The passkey could not be verified.');
    const { credential, credentialBackedUp: backedUp } = verification.registrationInfo;
    const { id: webauthnId, publicKey, counter } = credential;
    return { webauthnId, publicKey, counter, transports: data.response.transports, backedUp };
  }

  async #record(fact: Omit<AuditRecordOf<'credential'>, 'type' | 'occurredAtMs'>): Promise<void> {
    await this.#deps.audit.append({ type: 'credential', occurredAtMs: this.#deps.clock.nowMs(), ...fact });
  }
}
