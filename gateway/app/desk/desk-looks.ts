import { z } from 'zod';
import {
  DESK_ATTESTATION_TYPE,
  deskAttestationSchema,
  findDeskFault,
  type DeskAttestation,
  type DeskFault,
  type DeskRefusal,
} from '../../domain/desk/desk-attestation.ts';
import {
  DESK_CHALLENGE_LIFE_MS,
  DESK_CHALLENGE_TYPE,
  DESK_LOOK_MS,
  deskChallengeSchema,
  type DeskChallenge,
} from '../../domain/desk/desk-challenge.ts';
import type { DeskDevice } from '../../domain/desk/desk-device.ts';
import type { DeskLook } from '../../domain/desk/desk-session.ts';
import { isConclusive, lookCause, lookFault } from '../../domain/face/mismatches.ts';
import type { AppId, DeskDeviceId, PersonId } from '../../domain/site/ids.ts';
import { tryParse } from '../../domain/try-parse.ts';
import type { Clock } from '../../ports/clock.ts';
import type { DeskDeviceStore } from '../../ports/desk-device-store.ts';
import type { DeskSessionStore } from '../../ports/desk-session-store.ts';
import type { OneTimeStore } from '../../ports/one-time-store.ts';
import type { Random } from '../../ports/random.ts';
import type { Refuse } from '../access/refuse.ts';
import { claimedDeviceOf, verifyDeviceSignature } from '../face/device-signature.ts';
import type { DeskRecords } from './desk-records.ts';
import { FailedLooks } from './failed-looks.ts';

/** How long a page may ask what came of a look, and how long an answered nonce is told from an invention, ms. */
export const LOOK_OUTCOME_LIFE_MS = 300_000;
const NONCE_BYTES = 16;

/** The sign-in of one browser. */
export interface LookedAt {
  readonly interactionUid: string;
  readonly sessionUid: string;
  readonly personId: PersonId;
  readonly appId: AppId | null;
  readonly appName: string;
  readonly purpose: DeskChallenge['purpose'];
}

export type LookBegun =
  | { readonly ok: true; readonly challenge: string; readonly nonce: string; readonly expiresAtMs: number }
  /** `no_desk`: none of the person's computers could answer. `too_many`: wrong faces; another way has to be taken. */
  | { readonly ok: false; readonly code: 'no_desk' | 'too_many' };

const outcomeSchema = z.discriminatedUnion('state', [
  z.strictObject({ state: z.literal('waiting') }),
  /** The policy can be asked again. `seen`: what the camera compared, or that it saw nobody well enough. */
  z.strictObject({ state: z.literal('answered'), seen: z.enum(['verified', 'refused', 'nobody', 'not_enrolled', 'device']) }),
  z.strictObject({ state: z.literal('refused'), reason: z.string() }),
]);
export type LookOutcome = z.infer<typeof outcomeSchema>;

const openSchema = z.strictObject({
  challenge: deskChallengeSchema,
  interactionUid: z.string(),
  sessionUid: z.string(),
  appId: z.string().nullable(),
});
type Open = z.infer<typeof openSchema>;

export interface DeskLooks {
  begin(at: LookedAt): Promise<LookBegun>;
  /** Takes an attestation (compact JWS). Null = it was taken. @throws audit.unavailable */
  attest(jws: string): Promise<DeskRefusal | null>;
  /** Null = nothing is known of such a look in this sign-in. */
  outcomeOf(interactionUid: string, nonce: string): Promise<LookOutcome | null>;
}

export interface DeskLooksDeps {
  readonly devices: Pick<DeskDeviceStore, 'find' | 'ofPerson'>;
  readonly sessions: DeskSessionStore;
  readonly oneTime: OneTimeStore;
  readonly records: DeskRecords;
  readonly refuse: Refuse;
  readonly clock: Clock;
  readonly random: Random;
  /** The gateway's own name for itself, and its signature: what agents verify. */
  readonly issuer: string;
  readonly sign: (payload: object, typ: string) => Promise<string>;
  /** Of a provider session, at most. */
  readonly sessionTtlMs: number;
}

/** Sign-ins that wait for a person's own computer. Each question is good for one answer. */
export function createDeskLooks(deps: DeskLooksDeps): DeskLooks {
  return new StoredDeskLooks(deps);
}

const outcomeKey = (interactionUid: string, nonce: string): string => `${interactionUid}:${nonce}`;
const usedKey = (nonce: string): string => `used:${nonce}`;
const toOpen = (payload: string | null): Open | null => tryParse(openSchema, JSON.parse(payload ?? 'null')).data ?? null;

class StoredDeskLooks implements DeskLooks {
  readonly #deps: DeskLooksDeps;
  readonly #failed = new FailedLooks();

  constructor(deps: DeskLooksDeps) {
    this.#deps = deps;
  }

  async begin({ appId, appName, interactionUid, personId, purpose, sessionUid }: LookedAt): Promise<LookBegun> {
    const { clock, devices, issuer, oneTime, random, sign } = this.#deps;
    const nowMs = clock.nowMs();
    if (purpose === 'login' && this.#failed.isOver(personId, nowMs)) return { ok: false, code: 'too_many' };
    const asked = (await devices.ofPerson(personId)).filter(({ templateId }) => purpose === 'device' || templateId !== null);
    if (asked.length === 0) return { ok: false, code: 'no_desk' };
    const nonce = Buffer.from(random.bytes(NONCE_BYTES)).toString('hex');
    const expiresAtMs = nowMs + DESK_CHALLENGE_LIFE_MS;
    const challenge: DeskChallenge = {
      iss: issuer,
      aud: asked.map(({ id }) => id),
      purpose,
      nonce,
      subject: personId,
      app: appName.slice(0, 200),
      asked_at_ms: nowMs,
      expires_at_ms: expiresAtMs,
      within_ms: DESK_LOOK_MS,
    };
    const open: Open = { challenge, interactionUid, sessionUid, appId };
    await oneTime.put({ purpose: 'desk_challenge', key: nonce, payloadJson: JSON.stringify(open), expiresAtMs, nowMs });
    await this.#settle(interactionUid, nonce, { state: 'waiting' });
    return { ok: true, challenge: await sign(challenge, DESK_CHALLENGE_TYPE), nonce, expiresAtMs };
  }

  async attest(jws: string): Promise<DeskRefusal | null> {
    const claimed = claimedDeviceOf(jws);
    const device = claimed === null ? null : await this.#deps.devices.find(claimed as string as DeskDeviceId);
    if (device === null) return this.#refuse('face.device_unknown', null);
    const signed = await verifyDeviceSignature(jws, { publicKey: device.publicKey, typ: DESK_ATTESTATION_TYPE });
    if (signed === null) return this.#refuse('face.signature_invalid', device);
    const parsed = tryParse(deskAttestationSchema, signed.payload);
    return parsed.success ? this.#answer(parsed.data, device) : this.#refuse('face.attestation_invalid', device);
  }

  async outcomeOf(interactionUid: string, nonce: string): Promise<LookOutcome | null> {
    const { clock, oneTime } = this.#deps;
    const kept = await oneTime.peek('desk_outcome', outcomeKey(interactionUid, nonce), clock.nowMs());
    return tryParse(outcomeSchema, JSON.parse(kept ?? 'null')).data ?? null;
  }

  /** Of two answers one counts, and a wrong one uses the question up. */
  async #answer(attestation: DeskAttestation, device: DeskDevice): Promise<DeskRefusal | null> {
    const { clock, oneTime } = this.#deps;
    const { nonce } = attestation;
    const nowMs = clock.nowMs();
    const asked = toOpen(await oneTime.peek('desk_challenge', nonce, nowMs));
    // A computer that nobody asked changes nothing for the person who waits.
    if (asked !== null && !asked.challenge.aud.includes(device.id)) return this.#refuse('face.wrong_binding', device);
    const open = asked === null ? null : toOpen(await oneTime.take('desk_challenge', nonce, nowMs));
    if (open === null) {
      const wasUsed = (await oneTime.peek('desk_challenge', usedKey(nonce), nowMs)) !== null;
      return this.#refuse(wasUsed ? 'face.replayed' : 'face.nonce_unknown', device);
    }
    const expiresAtMs = nowMs + LOOK_OUTCOME_LIFE_MS;
    await oneTime.put({ purpose: 'desk_challenge', key: usedKey(nonce), payloadJson: '{}', expiresAtMs, nowMs });
    const fault = findDeskFault(attestation, open.challenge, { device, nowMs }) ?? (await this.#accept(attestation, open, device));
    if (fault !== null) {
      await this.#deny(fault, open);
      return this.#refuse(fault, device);
    }
    await this.#settle(open.interactionUid, nonce, { state: 'answered', seen: seenOf(attestation) });
    return null;
  }

  async #accept(
    attestation: DeskAttestation,
    { sessionUid }: Open,
    { id: deviceId, personId, templateId }: DeskDevice,
  ): Promise<DeskFault | null> {
    const { clock, devices, records, sessions, sessionTtlMs } = this.#deps;
    const nowMs = clock.nowMs();
    const look = lookIn(attestation);
    const fault = look === null ? null : lookFault(look.result);
    if (look?.result === 'verified') this.#failed.verified(personId);
    else if (look !== null && fault !== null) {
      this.#failed.failed(personId, fault, nowMs);
      await records.face('authentication_failed', { personId, credentialId: templateId, cause: lookCause('login', look.result) });
    }
    await sessions.bind({ sessionUid, personId, expiresAtMs: nowMs + sessionTtlMs }, { deviceId, look });
    // Revoked meanwhile: what rested on it was ended before this one was among it.
    return (await devices.find(deviceId))?.status === 'active' ? null : 'face.device_revoked';
  }

  async #deny(reason: DeskFault, { appId, challenge, interactionUid }: Open): Promise<void> {
    // Branded again: the gateway wrote it.
    const personId = challenge.subject as PersonId;
    const resource = { type: 'app', id: appId ?? 'unknown' } as const;
    await this.#deps.refuse({ action: 'app.login', channel: 'oidc', personId, resource, reason });
    await this.#settle(interactionUid, challenge.nonce, { state: 'refused', reason });
  }

  async #settle(interactionUid: string, nonce: string, outcome: LookOutcome): Promise<void> {
    const { clock, oneTime } = this.#deps;
    const nowMs = clock.nowMs();
    const item = {
      key: outcomeKey(interactionUid, nonce),
      payloadJson: JSON.stringify(outcome),
      expiresAtMs: nowMs + LOOK_OUTCOME_LIFE_MS,
    };
    await oneTime.put({ purpose: 'desk_outcome', ...item, nowMs });
  }

  async #refuse(code: DeskRefusal, device: DeskDevice | null): Promise<DeskRefusal> {
    await this.#deps.records.refused(code, { deviceId: device?.id ?? null, personId: device?.personId ?? null });
    return code;
  }
}

/** What was compared; null = nothing was. */
function lookIn(attestation: DeskAttestation): DeskLook | null {
  if (attestation.purpose !== 'login' || !isConclusive(attestation.result)) return null;
  const { band, issued_at_ms: lookedAtMs, liveness, result } = attestation;
  return { result, band, liveness, lookedAtMs };
}

function seenOf(attestation: DeskAttestation): Extract<LookOutcome, { state: 'answered' }>['seen'] {
  if (attestation.purpose === 'device') return 'device';
  if (attestation.result === 'verified') return 'verified';
  if (attestation.result === 'not_enrolled') return 'not_enrolled';
  return isConclusive(attestation.result) ? 'refused' : 'nobody';
}
