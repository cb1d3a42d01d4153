import {
  ATTESTATION_LIFE_MS_MAX,
  ATTESTATION_TYPE,
  faceAttestationSchema,
  findAttestationFault,
  toFaceFacts,
  type AttestationFault,
  type FaceAttestation,
  type FaceQuestion,
  type FaceRefusal,
} from '../../domain/face/attestation.ts';
import { lookFault } from '../../domain/face/mismatches.ts';
import type { FaceDevice } from '../../domain/face/face-device.ts';
import type { DecisionContext } from '../../domain/access/decision-input.ts';
import type { DoorId, FaceDeviceId, PersonId, ReaderId } from '../../domain/site/ids.ts';
import { tryParse } from '../../domain/try-parse.ts';
import type { Clock } from '../../ports/clock.ts';
import type { FaceDeviceStore } from '../../ports/face-device-store.ts';
import type { FacePoint, FaceTask, TerminalCamera } from '../../ports/face-point.ts';
import type { Random } from '../../ports/random.ts';
import { claimedDeviceOf, verifyDeviceSignature } from './device-signature.ts';
import { TerminalTasks } from './terminal-tasks.ts';

/** Nonces that were answered, kept to tell a replay from an invention. */
export const USED_NONCES_MAX = 256;
const NONCE_BYTES = 16;

/** What came of a look. */
export type FaceSeen =
  | {
      readonly ok: true;
      readonly personId: PersonId;
      readonly face: DecisionContext['face'];
      /** Nobody's face was compared with the person's: none was there, several were, or none that could be used. */
      readonly isUnseen?: true;
    }
  | {
      readonly ok: false;
      readonly code: 'face.unavailable' | 'face.camera_unavailable' | 'face.not_enrolled' | 'face.timeout' | AttestationFault;
    };

/** `face.abandoned`: somebody else badged at the reader meanwhile, and nothing is decided any more. */
export type FaceAnswer = FaceSeen | { readonly ok: false; readonly code: 'face.abandoned' };

/** No look was taken: what kept it from being one is what the person has to hear. */
const NOTHING_TO_COMPARE: Partial<Record<FaceAttestation['result'], 'face.camera_unavailable' | 'face.not_enrolled'>> = {
  camera_unavailable: 'face.camera_unavailable',
  not_enrolled: 'face.not_enrolled',
};

function toSeen(attestation: FaceAttestation, { personId, nowMs }: { readonly personId: PersonId; readonly nowMs: number }): FaceSeen {
  const { result } = attestation;
  const nothing = NOTHING_TO_COMPARE[result];
  if (nothing !== undefined) return { ok: false, code: nothing };
  const seen = { ok: true, personId, face: toFaceFacts(attestation, nowMs) } as const;
  return result === 'verified' || lookFault(result) !== null ? seen : { ...seen, isUnseen: true };
}

export interface FaceDeskDeps {
  readonly devices: Pick<FaceDeviceStore, 'find' | 'ofReader'>;
  readonly clock: Clock;
  readonly random: Random;
  /** Absent where no reader compares itself. */
  readonly enrolAtReader?: FacePoint['enrolAtReader'];
  /** What a look showed that speaks against whose badge it was. */
  readonly onFault?: (look: {
    readonly personId: PersonId;
    readonly readerId: ReaderId;
    readonly result: FaceAttestation['result'];
  }) => void;
  /** An attestation that became no fact. */
  readonly onRefused: (refusal: {
    readonly code: FaceRefusal;
    readonly deviceId: FaceDeviceId | null;
    readonly readerId: ReaderId | null;
  }) => void;
}

interface Open {
  readonly question: FaceQuestion;
  readonly deadlineMs: number;
  readonly settle: (answer: FaceAnswer) => void;
}

/** Badges that wait for a face, one at each reader at most, and the terminals that look. Answers end here: what is open is in no store. */
export class FaceDesk {
  readonly #deps: FaceDeskDeps;
  readonly #open = new Map<ReaderId, Open>();
  readonly #used = new Set<string>();
  readonly #tasks: TerminalTasks;
  /** For terminals, through the gateway's main thread. */
  readonly point: FacePoint;

  constructor(deps: FaceDeskDeps) {
    this.#deps = deps;
    this.#tasks = new TerminalTasks(() => this.#nowMs());
    this.point = {
      next: (deviceId, camera) => this.#next(deviceId, camera),
      attest: (jws) => this.#attest(jws),
      order: async (order) => this.#tasks.order(order),
      finishOrder: async (deviceId, orderId) => this.#tasks.finish(deviceId, orderId),
      listening: async () => this.#tasks.listening(),
      enrolAtReader: deps.enrolAtReader ?? (() => Promise.resolve({ ok: false, code: 'unavailable' })),
    };
  }

  /** Resolves when the terminal beside the reader has answered, or its time is over. Never throws. */
  async ask(at: { readonly personId: PersonId; readonly doorId: DoorId; readonly readerId: ReaderId }): Promise<FaceAnswer> {
    this.abandon(at.readerId);
    const devices = await this.#deps.devices.ofReader(at.readerId).catch(() => []);
    const listening = devices.filter(({ id }) => this.#tasks.isListening(id));
    const device = listening.find(({ id }) => !this.#tasks.isBlind(id));
    if (device === undefined) return { ok: false, code: listening.length > 0 ? 'face.camera_unavailable' : 'face.unavailable' };
    const { promise, resolve } = Promise.withResolvers<FaceAnswer>();
    const question: FaceQuestion = {
      ...at,
      nonce: Buffer.from(this.#deps.random.bytes(NONCE_BYTES)).toString('hex'),
      deviceId: device.id,
      askedAtMs: this.#deps.clock.nowMs(),
      withinMs: ATTESTATION_LIFE_MS_MAX,
    };
    // A second badge may have asked while the store was read.
    this.abandon(at.readerId);
    this.#open.set(at.readerId, { question, deadlineMs: this.#nowMs() + question.withinMs, settle: resolve });
    this.#tasks.give(device.id, { kind: 'verify', question });
    return promise;
  }

  /** A new card starts over: the face before one badge never opens for another. */
  abandon(readerId: ReaderId): void {
    this.#end(readerId, { ok: false, code: 'face.abandoned' });
  }

  /** Ends what waited for too long. */
  tick(): void {
    const nowMs = this.#nowMs();
    for (const [readerId, { deadlineMs }] of this.#open) {
      if (nowMs >= deadlineMs) this.#end(readerId, { ok: false, code: 'face.timeout' });
    }
    this.#tasks.tick();
  }

  #nowMs(): number {
    return this.#deps.clock.monotonicUs() / 1_000;
  }

  #next(deviceId: FaceDeviceId, camera: TerminalCamera = 'unknown'): Promise<FaceTask | null> {
    const question = this.#questionFor(deviceId);
    if (question === null || camera !== 'lost') return this.#tasks.next(deviceId, question, camera);
    // Whoever stands there need not wait for a camera that is gone.
    this.#end(question.readerId, { ok: false, code: 'face.camera_unavailable' });
    return this.#tasks.next(deviceId, null, camera);
  }

  #questionFor(deviceId: FaceDeviceId): FaceQuestion | null {
    return [...this.#open.values()].find(({ question }) => question.deviceId === deviceId)?.question ?? null;
  }

  #end(readerId: ReaderId, answer: FaceAnswer): void {
    const open = this.#open.get(readerId);
    if (open === undefined) return;
    this.#open.delete(readerId);
    this.#use(open.question.nonce);
    open.settle(answer);
  }

  #use(nonce: string): void {
    this.#used.add(nonce);
    const [oldest] = this.#used;
    if (this.#used.size > USED_NONCES_MAX && oldest !== undefined) this.#used.delete(oldest);
  }

  async #attest(jws: string): Promise<FaceRefusal | null> {
    const claimed = claimedDeviceOf(jws);
    const device = claimed === null ? null : await this.#deps.devices.find(claimed);
    if (device === null) return this.#refuse('face.device_unknown', null);
    const signed = await verifyDeviceSignature(jws, { publicKey: device.publicKey, typ: ATTESTATION_TYPE });
    if (signed === null) return this.#refuse('face.signature_invalid', device);
    const parsed = tryParse(faceAttestationSchema, signed.payload);
    if (!parsed.success) return this.#refuse('face.attestation_invalid', device);
    return this.#settle(device, parsed.data);
  }

  /** Without a pause from the look at the question to its end: of two answers one counts. */
  #settle(device: FaceDevice, attestation: FaceAttestation): FaceRefusal | null {
    const open = [...this.#open.values()].find(({ question }) => question.nonce === attestation.nonce);
    if (open === undefined) return this.#refuse(this.#used.has(attestation.nonce) ? 'face.replayed' : 'face.nonce_unknown', device);
    const { question } = open;
    // Another terminal’s question: whoever relays it changes nothing for the person who stands there.
    if (question.deviceId !== device.id) return this.#refuse('face.wrong_binding', device);
    const nowMs = this.#deps.clock.nowMs();
    const fault = findAttestationFault(attestation, question, { device, nowMs });
    if (fault === null) {
      const { personId, readerId } = question;
      const { result } = attestation;
      if (lookFault(result) !== null) this.#deps.onFault?.({ personId, readerId, result });
      this.#end(question.readerId, toSeen(attestation, { personId, nowMs }));
      return null;
    }
    this.#end(question.readerId, { ok: false, code: fault });
    return this.#refuse(fault, device);
  }

  #refuse(code: FaceRefusal, device: FaceDevice | null): FaceRefusal {
    this.#deps.onRefused({ code, deviceId: device?.id ?? null, readerId: device?.readerId ?? null });
    return code;
  }
}
