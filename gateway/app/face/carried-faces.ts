import { timingSafeEqual } from 'node:crypto';
import type { EnrolledTemplate } from '../../domain/face/enrolled-template.ts';
import { FACE_TEMPLATE_LIFE_MS } from '../../domain/face/enrolled-template.ts';
import type { FaceQuestion } from '../../domain/face/attestation.ts';
import type { FaceDevice } from '../../domain/face/face-device.ts';
import { REPORT_TYPE, type FaceReport } from '../../domain/face/report.ts';
import type { FaceDeviceId, PersonId } from '../../domain/site/ids.ts';
import type { AuditLog } from '../../ports/audit-log.ts';
import type { Clock } from '../../ports/clock.ts';
import type { FaceOrder, FaceTask } from '../../ports/face-point.ts';
import type { FaceTemplateStore } from '../../ports/face-template-store.ts';
import type { Random } from '../../ports/random.ts';
import type { SecretStore } from '../../ports/secret-store.ts';
import type { LeaseKey } from './lease-key.ts';

const KEY_BYTES = 32;
const DIGEST_BYTES = 32;
/** A card and a phone: an old one of them does not keep the other shut. */
export const CARRIED_OPENS_MAX = 2;
const secretOf = (templateId: string): string => `face/carried/${templateId}`;

/** Why a face that somebody carries is not opened. */
export type CarriedRefusal =
  | 'carried.no_question'
  | 'carried.replayed'
  | 'carried.unknown'
  | 'carried.destroyed'
  | 'carried.other_person'
  | 'carried.other_pack'
  | 'carried.expired'
  | 'carried.tampered';

export type CarriedOpened = { readonly ok: true; readonly key: Uint8Array } | { readonly ok: false; readonly code: CarriedRefusal };

export interface CarriedFacesDeps {
  readonly templates: FaceTemplateStore;
  readonly secrets: SecretStore;
  readonly key: LeaseKey;
  readonly audit: AuditLog;
  readonly clock: Clock;
  readonly random: Random;
}

interface Begun {
  readonly orderId: string;
  readonly personId: PersonId;
  readonly templateId: string | null;
}

/**
 * Faces that people carry: sealed under a key of their own, which only the gateway has and lends a terminal for one question of one badge. A
 * destroyed key makes every copy noise, wherever it is.
 */
export class CarriedFaces {
  readonly #deps: CarriedFacesDeps;
  /** What each terminal was asked last, and for what it was lent keys. One of each a terminal. */
  readonly #questions = new Map<FaceDeviceId, { readonly question: FaceQuestion; opensLeft: number }>();
  readonly #begun = new Map<FaceDeviceId, Begun>();

  constructor(deps: CarriedFacesDeps) {
    this.#deps = deps;
  }

  /** What the terminal is told to do now. A question that is told again is the same one. */
  told(deviceId: FaceDeviceId, task: FaceTask | null): void {
    if (task?.kind === 'verify' && this.#questions.get(deviceId)?.question.nonce !== task.question.nonce)
      this.#questions.set(deviceId, { question: task.question, opensLeft: CARRIED_OPENS_MAX });
    if (task?.kind === 'enrol' && task.storage === 'carried' && this.#begun.get(deviceId)?.orderId !== task.id)
      this.#begun.set(deviceId, { orderId: task.id, personId: task.personId, templateId: null });
  }

  /** Whether the person is to be asked for what they carry; whether that counts is found out with it. */
  async isCarriedBy(personId: PersonId): Promise<boolean> {
    return (await this.#deps.templates.ofPerson(personId)).some(({ status, storage }) => storage === 'carried' && status === 'kept');
  }

  /** The key of a face that is being enrolled, once an order; the caller zeroes it. Null: the terminal has no such order. @throws secret.unavailable */
  async begin(
    device: FaceDevice,
    orderId: string,
  ): Promise<{ readonly template: string; readonly key: Uint8Array; readonly expiresAtMs: number } | null> {
    const { clock, random, secrets } = this.#deps;
    const begun = this.#begun.get(device.id);
    if (begun?.orderId !== orderId || begun.templateId !== null) return null;
    const template = random.id('tpl');
    this.#begun.set(device.id, { ...begun, templateId: template });
    const kept = await secrets.readOrCreate(secretOf(template), () => random.bytes(KEY_BYTES));
    return { template, key: kept, expiresAtMs: clock.nowMs() + FACE_TEMPLATE_LIFE_MS };
  }

  /** What came of it. True: the person carries it. Otherwise its key is no more. @throws secret.unavailable */
  async finish(device: FaceDevice, order: FaceOrder, { blob_sha256, result, template }: FaceReport): Promise<boolean> {
    const { secrets } = this.#deps;
    const begun = this.#begun.get(device.id);
    if (begun?.orderId !== order.id || begun.templateId === null) return false;
    this.#begun.delete(device.id);
    const isKept = result === 'done' && template === begun.templateId && blob_sha256 !== undefined;
    const key = isKept ? await secrets.read(secretOf(begun.templateId)) : null;
    if (key?.length !== KEY_BYTES || blob_sha256 === undefined) {
      await secrets.write(secretOf(begun.templateId), Uint8Array.of());
      return false;
    }
    const value = Buffer.concat([key, Buffer.from(blob_sha256, 'hex')]);
    await secrets.write(secretOf(begun.templateId), value);
    for (const secret of [key, value]) secret.fill(0);
    return true;
  }

  /** The key, for the question that the terminal has in hand and its person alone, once; the caller zeroes it. @throws audit.unavailable, secret.unavailable */
  async open(
    device: FaceDevice,
    asked: { readonly nonce: string; readonly template: string; readonly sha256: string },
  ): Promise<CarriedOpened> {
    const opened = await this.#open(device, asked);
    if (!opened.ok) {
      const { audit, clock } = this.#deps;
      const about = { sourceType: 'reader', sourceId: device.readerId, active: true } as const;
      await audit.append({ type: 'alarm', occurredAtMs: clock.nowMs(), code: opened.code, ...about });
    }
    return opened;
  }

  async #open(
    device: FaceDevice,
    asked: { readonly nonce: string; readonly template: string; readonly sha256: string },
  ): Promise<CarriedOpened> {
    const { clock } = this.#deps;
    const refuse = (code: CarriedRefusal): CarriedOpened => ({ ok: false, code });
    const last = this.#questions.get(device.id);
    const nowMs = clock.nowMs();
    if (last?.question.nonce !== asked.nonce || nowMs - last.question.askedAtMs > last.question.withinMs)
      return refuse('carried.no_question');
    if (last.opensLeft === 0) return refuse('carried.replayed');
    // Before anything is waited for: of two calls one counts.
    const { opensLeft } = last;
    last.opensLeft = 0;
    const opened = await this.#keyOf(device, last.question, asked);
    if (!opened.ok) last.opensLeft = opensLeft - 1;
    return opened;
  }

  async #keyOf(
    { packHash }: FaceDevice,
    { personId }: FaceQuestion,
    asked: { readonly template: string; readonly sha256: string },
  ): Promise<CarriedOpened> {
    const { clock, secrets, templates } = this.#deps;
    const refuse = (code: CarriedRefusal): CarriedOpened => ({ ok: false, code });
    const template = await templates.find(asked.template);
    if (template?.storage !== 'carried') return refuse('carried.unknown');
    if (template.status !== 'kept' || template.deletionOrderedAtMs !== null) return refuse('carried.destroyed');
    if (template.personId !== personId) return refuse('carried.other_person');
    if (template.packHash !== packHash) return refuse('carried.other_pack');
    if (template.expiresAtMs <= clock.nowMs()) return refuse('carried.expired');
    const secret = await secrets.read(secretOf(template.id));
    if (secret?.length !== KEY_BYTES + DIGEST_BYTES) return refuse('carried.destroyed');
    const isSame = timingSafeEqual(secret.subarray(KEY_BYTES), Buffer.from(asked.sha256, 'hex'));
    const key = isSame ? Uint8Array.from(secret.subarray(0, KEY_BYTES)) : null;
    secret.fill(0);
    return key === null ? refuse('carried.tampered') : { ok: true, key };
  }

  /** Every copy is noise from here on; the gateway's signed word is the receipt. @throws secret.unavailable, store.unavailable */
  async destroy(template: EnrolledTemplate): Promise<void> {
    const { audit, clock, key, secrets, templates } = this.#deps;
    const atMs = clock.nowMs();
    const about = { kind: 'face_template', personId: template.personId, credentialId: template.id, operatorId: null } as const;
    await audit.append({ type: 'credential', occurredAtMs: atMs, event: 'revoked', ...about, cause: 'delete:key_destroyed' });
    await secrets.write(secretOf(template.id), Uint8Array.of());
    const word = { template: template.id, result: 'key_destroyed', at_ms: atMs };
    await templates.markDeleted(template.id, { deviceId: template.deviceId, atMs, receipt: await key.signWord(word, REPORT_TYPE) });
  }

  /** Of those that were enrolled anew since. */
  async destroyReplaced(personId: PersonId): Promise<void> {
    const { secrets, templates } = this.#deps;
    for (const { id, status, storage } of await templates.ofPerson(personId)) {
      if (storage === 'carried' && status === 'replaced') await secrets.write(secretOf(id), Uint8Array.of());
    }
  }

  publicKey(): Promise<string> {
    return this.#deps.key.publicKey();
  }
}
