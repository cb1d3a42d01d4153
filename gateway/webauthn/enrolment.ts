import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { AuditRecordOf } from '../domain/audit/record.ts';
import { GatewayError } from '../domain/errors.ts';
import type { Person } from '../domain/people/person.ts';
import type { PersonId } from '../domain/site/ids.ts';
import { tryParse } from '../domain/try-parse.ts';
import type { OneTimeStore } from '../ports/one-time-store.ts';
import type { CeremonyStart } from './authentication.ts';
import { createKeepPasskey, isOpen, type KeepPasskey, type KeepPasskeyDeps } from './keep-passkey.ts';
import { makeCode, readCode, spellCode } from './one-time-code.ts';
import { createRegistration, type Registration } from './registration.ts';
import { CHALLENGE_TTL_MS, ENROLMENT_TOKEN_BYTES, type WebauthnSettings } from './settings.ts';

export interface EnrolmentOffer {
  /** With the token in the fragment: it never reaches a server log or a Referer. Shown once; only its hash is kept. */
  readonly url: string;
  readonly expiresAtMs: number;
}

/** The same with a token that a person can type. */
export interface CodeOffer extends EnrolmentOffer {
  readonly code: string;
}

export interface CodeRequest {
  readonly personId: PersonId;
  readonly operatorId: PersonId;
  readonly ttlS: number;
  /** For the log: by what the operator knew who it is. */
  readonly cause: string;
}

export interface EnrolmentStart extends CeremonyStart {
  readonly displayName: string;
  readonly expiresAtMs: number;
}

export interface EnrolmentCeremonies {
  /** The caller has decided that the operator may (`person.enrol`). @throws resource.unknown, audit.unavailable */
  offer(request: { readonly personId: PersonId; readonly operatorId: PersonId }): Promise<EnrolmentOffer>;
  /** As `offer`, with a short-lived code. The caller has decided that the operator may. @throws resource.unknown, audit.unavailable */
  offerCode(request: CodeRequest): Promise<CodeOffer>;
  /** Whatever was offered to the person so far lets nobody in any more: who has it is not known. @throws store.unavailable, store.conflict */
  withdraw(personId: PersonId): Promise<void>;
  /**
   * Looks at the link, or the code, without using it up.
   * @throws enrolment.invalid unknown, used or expired link, or the person or the operator who offered it is closed
   */
  begin(token: string): Promise<EnrolmentStart>;
  /**
   * Stores the new passkey and uses the link up. A further passkey of an operator is an alarm.
   * @throws enrolment.invalid, store.conflict, audit.unavailable
   */
  finish(ceremonyId: string, response: unknown): Promise<Person>;
}

interface Deps extends KeepPasskeyDeps {
  readonly settings: WebauthnSettings;
  readonly oneTime: OneTimeStore;
}

/** Longer than any link lives. */
const WITHDRAWN_KEPT_MS = 2 * 86_400_000;

/** The owner of the control socket, who is no person of the store. */
const HOST_OPERATOR = 'local';
const linkSchema = z.strictObject({
  personId: z.string(),
  operatorId: z.string(),
  expiresAtMs: z.number(),
  generation: z.string().nullish(),
});
const challengeSchema = z.strictObject({ kind: z.literal('registration'), tokenHash: z.string(), challenge: z.string() });

const hashToken = (token: string): string =>
  createHash('sha256')
    .update(readCode(token) ?? token, 'utf8')
    .digest('hex');
const invalid = (message: string, cause?: unknown): GatewayError => new GatewayError('enrolment.invalid', message, { cause });
const LINK_GONE = 'This link has been used or has expired. Ask for a new one.';

interface Link {
  readonly personId: PersonId;
  readonly operatorId: PersonId;
  readonly expiresAtMs: number;
  /** Of the withdrawal that came before it; null = there was none. */
  readonly generation: string | null;
}

function readLink(payloadJson: string | null): Link {
  const link = tryParse(linkSchema, JSON.parse(payloadJson ?? 'null'));
  // A link of an earlier version does not name its operator: it is asked for again.
  if (!link.success) throw invalid(LINK_GONE);
  const { personId, operatorId, expiresAtMs, generation = null } = link.data;
  // Written by `offer` from the ids of people.
  return { personId: personId as PersonId, operatorId: operatorId as PersonId, expiresAtMs, generation };
}

export function createEnrolmentCeremonies(deps: Deps): EnrolmentCeremonies {
  return new StoredEnrolmentCeremonies(deps);
}

class StoredEnrolmentCeremonies implements EnrolmentCeremonies {
  readonly #deps: Deps;
  readonly #registration: Registration;
  readonly #keep: KeepPasskey;

  constructor(deps: Deps) {
    this.#deps = deps;
    this.#registration = createRegistration(deps);
    this.#keep = createKeepPasskey(deps);
  }

  async offer({ personId, operatorId }: { readonly personId: PersonId; readonly operatorId: PersonId }): Promise<EnrolmentOffer> {
    const { random, settings } = this.#deps;
    const token = Buffer.from(random.bytes(ENROLMENT_TOKEN_BYTES)).toString('base64url');
    return this.#offer(token, { personId, operatorId, ttlS: settings.enrolmentLinkTtlS, cause: 'link' });
  }

  async offerCode(request: CodeRequest): Promise<CodeOffer> {
    const code = makeCode(this.#deps.random);
    return { code: spellCode(code), ...(await this.#offer(code, request)) };
  }

  async #offer(token: string, { personId, operatorId, ttlS, cause }: CodeRequest): Promise<EnrolmentOffer> {
    const { clock, oneTime, people, settings } = this.#deps;
    if ((await people.find(personId)) === null) throw new GatewayError('resource.unknown', 'This person is not known.');
    const nowMs = clock.nowMs();
    const expiresAtMs = nowMs + ttlS * 1_000;
    // Recorded first: a link that the log does not know must not exist.
    await this.#record({ event: 'enrolment_offered', kind: 'enrolment_link', personId, credentialId: null, cause, operatorId });
    const generation = await this.#generationOf(personId);
    const payloadJson = JSON.stringify({ personId, operatorId, expiresAtMs, generation } satisfies Link);
    await oneTime.put({ purpose: 'enrolment', key: hashToken(token), payloadJson, expiresAtMs, nowMs });
    return { url: `${settings.publicUrl}/enrol#${token}`, expiresAtMs };
  }

  async withdraw(personId: PersonId): Promise<void> {
    const { clock, oneTime, random } = this.#deps;
    const nowMs = clock.nowMs();
    const payloadJson = JSON.stringify(random.id('withdrawal'));
    await oneTime.put({ purpose: 'enrolment_withdrawn', key: personId, payloadJson, expiresAtMs: nowMs + WITHDRAWN_KEPT_MS, nowMs });
  }

  async #generationOf(personId: PersonId): Promise<string | null> {
    const stored = await this.#deps.oneTime.peek('enrolment_withdrawn', personId, this.#deps.clock.nowMs());
    return stored === null ? null : String(JSON.parse(stored));
  }

  async begin(token: string): Promise<EnrolmentStart> {
    const { clock, credentials, oneTime, random } = this.#deps;
    const nowMs = clock.nowMs();
    const tokenHash = hashToken(token);
    const link = readLink(await oneTime.peek('enrolment', tokenHash, nowMs));
    const person = await this.#personOf(link);
    const options = await this.#registration.optionsFor(person, await credentials.passkeysOf(person.id));
    const ceremonyId = random.id('ceremony');
    const payloadJson = JSON.stringify({ kind: 'registration', tokenHash, challenge: options.challenge });
    await oneTime.put({ purpose: 'enrolment_challenge', key: ceremonyId, payloadJson, expiresAtMs: nowMs + CHALLENGE_TTL_MS, nowMs });
    return { ceremonyId, displayName: person.displayName, expiresAtMs: link.expiresAtMs, options };
  }

  async finish(ceremonyId: string, response: unknown): Promise<Person> {
    const { clock, oneTime } = this.#deps;
    const nowMs = clock.nowMs();
    const pending = tryParse(challengeSchema, JSON.parse((await oneTime.take('enrolment_challenge', ceremonyId, nowMs)) ?? 'null'));
    if (!pending.success) throw invalid('This enrolment has expired. Open the link again.');
    const verified = await this.#registration.verify(pending.data.challenge, response);
    // Taken only now: a failed attempt leaves the link usable, two attempts at once leave one passkey.
    const link = readLink(await oneTime.take('enrolment', pending.data.tokenHash, nowMs));
    const person = await this.#personOf(link);
    const { operatorId } = link;
    await this.#keep({ person, verified, label: null, cause: 'link', addedWith: null, operatorId, assertOpen: () => this.#personOf(link) });
    return person;
  }

  /** Whom the link is for, as long as both they and the operator who offered it are open. @throws enrolment.invalid */
  async #personOf({ generation, personId, operatorId }: Link): Promise<Person> {
    const { people } = this.#deps;
    if (operatorId !== HOST_OPERATOR && !isOpen(await people.find(operatorId))) throw invalid(LINK_GONE);
    const person = await people.find(personId);
    if (!isOpen(person)) throw invalid(LINK_GONE);
    const withdrawn = await this.#generationOf(personId);
    if (withdrawn !== null && withdrawn !== generation) throw invalid(LINK_GONE);
    return person;
  }

  async #record(fact: Omit<AuditRecordOf<'credential'>, 'type' | 'occurredAtMs'>): Promise<void> {
    await this.#deps.audit.append({ type: 'credential', occurredAtMs: this.#deps.clock.nowMs(), ...fact });
  }
}
