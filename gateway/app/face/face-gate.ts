import { z } from 'zod';
import type { Deny } from '../../domain/access/decision.ts';
import type { FaceRefusal } from '../../domain/face/attestation.ts';
import type { EnrolledTemplate } from '../../domain/face/enrolled-template.ts';
import type { FaceDevice, FacePublicKey } from '../../domain/face/face-device.ts';
import { faceReportSchema, REPORT_TYPE, type FaceReport } from '../../domain/face/report.ts';
import { GatewayError } from '../../domain/errors.ts';
import type { FaceDeviceId, PersonId, ReaderId } from '../../domain/site/ids.ts';
import type { SiteMap } from '../../domain/site/site-map.ts';
import { tryParse } from '../../domain/try-parse.ts';
import type { AuditLog } from '../../ports/audit-log.ts';
import type { Clock } from '../../ports/clock.ts';
import type { FaceDeviceStore } from '../../ports/face-device-store.ts';
import type { FacePoint, FaceTask, TerminalCamera } from '../../ports/face-point.ts';
import type { FaceTemplateStore } from '../../ports/face-template-store.ts';
import type { OneTimeStore } from '../../ports/one-time-store.ts';
import type { PeopleStore } from '../../ports/people-store.ts';
import type { Random } from '../../ports/random.ts';
import type { AuthorizeOperator, Operator } from '../access/types.ts';
import { READER_MAINTAIN } from '../readers/order-operation.ts';
import type { CarriedFaces } from './carried-faces.ts';
import { isDeviceCall } from './device-call.ts';
import { createDeviceCodes, type DeviceCodes } from './device-codes.ts';
import { FaceOrders } from './face-orders.ts';
import {
  findReceipt,
  findTemplate,
  listTemplates,
  listTemplatesOf,
  listTerminals,
  type DeletionReceipt,
  type FaceDeviceView,
  type TemplateView,
} from './face-views.ts';
import type { LeaseDesk } from './lease-desk.ts';
import type { LeaseJournal } from './lease-journal.ts';
import type { LentLeases } from './lent-leases.ts';
import { TemplateBook } from './template-book.ts';
import { TerminalSightings } from './terminal-sightings.ts';
import { claimedDeviceOf, claimedResultOf, verifyDeviceSignature } from './device-signature.ts';

/** The alarm while a terminal listens and sees nothing. */
export const CAMERA_LOST = 'face.camera_lost';

export interface FaceGateDeps {
  readonly devices: FaceDeviceStore;
  readonly templates: FaceTemplateStore;
  readonly faces: FacePoint;
  readonly oneTime: OneTimeStore;
  readonly people: Pick<PeopleStore, 'find'>;
  readonly sites: SiteMap;
  readonly authorizeOperator: AuthorizeOperator;
  readonly audit: AuditLog;
  readonly clock: Clock;
  readonly random: Random;
  /** Absent where no terminal is ever to go on alone. */
  readonly leases?: FaceLeases;
  /** Absent where nobody carries their face. */
  readonly carried?: CarriedFaces;
}

/** What terminals need, and tell, of the time in which they could not reach the gateway. */
export interface FaceLeases {
  readonly desk: LeaseDesk;
  readonly journal: LeaseJournal;
  readonly lent: LentLeases;
}

interface Command {
  readonly operator: Operator;
  readonly reason: string;
}

type Outcome<Done> = ({ readonly ok: true } & Done) | { readonly ok: false; readonly deny: Deny };

const offerSchema = z.strictObject({ readerId: z.string(), label: z.string(), operatorId: z.string() });
const unknownDevice = (): GatewayError => new GatewayError('resource.unknown', 'This terminal is not known, or is revoked.');

/** Face terminals, as operators and as the terminals themselves see the gateway. Every command is decided by the policy and recorded. */
export class FaceGate {
  readonly #deps: FaceGateDeps;
  readonly #book: TemplateBook;
  readonly #codes: DeviceCodes<z.infer<typeof offerSchema>>;
  readonly #sightings = new TerminalSightings();
  readonly leases: FaceLeases | null;
  readonly carried: CarriedFaces | null;
  readonly orders: FaceOrders;

  constructor(deps: FaceGateDeps) {
    this.#deps = deps;
    this.#book = new TemplateBook(deps);
    this.#codes = createDeviceCodes(deps, { purpose: 'face_terminal', schema: offerSchema });
    this.leases = deps.leases ?? null;
    this.carried = deps.carried ?? null;
    this.orders = new FaceOrders(deps);
  }

  /** A one-time code for a terminal beside the reader. @throws resource.unknown, audit.unavailable */
  async offer(
    { operator, reason }: Command,
    { readerId, label }: { readonly readerId: ReaderId; readonly label: string },
  ): Promise<Outcome<{ readonly code: string; readonly expiresAtMs: number }>> {
    if (this.#deps.sites.reader(readerId) === undefined) throw new GatewayError('resource.unknown', 'This reader is not known.');
    const deny = await this.#maintain(operator, readerId, reason);
    if (deny !== null) return { ok: false, deny };
    await this.#record(readerId, operator.id, [`face_terminal_offered:${label}`]);
    return { ok: true, ...(await this.#codes.offer({ readerId, label, operatorId: operator.id })) };
  }

  /** Takes the terminal's key against the code, once; `proof` shows that the terminal has it. @throws enrolment.invalid, store.conflict, audit.unavailable */
  async enrol(request: {
    readonly code: string;
    readonly publicKey: FacePublicKey;
    readonly packHash: string;
    readonly proof: string;
    readonly path: string;
  }): Promise<FaceDevice> {
    const { clock, devices, random } = this.#deps;
    const nowMs = clock.nowMs();
    const invalid = new GatewayError('enrolment.invalid', 'This code was used, has expired, or the key does not fit.');
    if (!(await isDeviceCall(request.proof, { publicKey: request.publicKey, path: request.path, nowMs }))) throw invalid;
    const offered = await this.#codes.take(request.code);
    if (offered === null) throw invalid;
    const { label, operatorId } = offered;
    // Both were written by `offer`.
    const readerId = offered.readerId as ReaderId;
    const id = random.id('fdv') as FaceDeviceId;
    const { packHash, publicKey } = request;
    await this.#record(readerId, operatorId as PersonId, [`+face_terminal:${id}`, `+face_pack:${packHash}`]);
    const device: FaceDevice = { id, readerId, label, publicKey, packHash, status: 'active', enrolledAtMs: nowMs };
    await devices.add(device);
    return device;
  }

  list(): Promise<readonly FaceDeviceView[]> {
    return listTerminals(this.#deps, this.#sightings);
  }

  /** Who is, or was, enrolled where; the latest first. */
  templates(before: Pick<EnrolledTemplate, 'enrolledAtMs' | 'id'> | null, limit: number): Promise<readonly TemplateView[]> {
    return listTemplates(this.#deps, before, limit);
  }

  /** The same of one person, what is kept first. */
  templatesOf(personId: PersonId): Promise<readonly TemplateView[]> {
    return listTemplatesOf(this.#deps, personId);
  }

  /** Null = there is no such entry. */
  template(id: string): Promise<TemplateView | null> {
    return findTemplate(this.#deps, id);
  }

  /** The terminal's signed word that a template is gone, with the key that proves it; null = there is none. */
  receipt(id: string): Promise<DeletionReceipt | null> {
    return findReceipt(this.#deps, id, this.carried);
  }

  /** Its word counts no more from here on. @throws resource.unknown, audit.unavailable */
  async revoke({ operator, reason }: Command, id: FaceDeviceId): Promise<Outcome<object>> {
    const device = await this.#active(id);
    const deny = await this.#maintain(operator, device.readerId, reason);
    if (deny !== null) return { ok: false, deny };
    await this.#record(device.readerId, operator.id, [`-face_terminal:${id}`]);
    await this.#deps.devices.revoke(id);
    return { ok: true };
  }

  /** From now on only this pack's word counts. @throws resource.unknown, audit.unavailable */
  async allowPack({ operator, reason }: Command, id: FaceDeviceId, packHash: string): Promise<Outcome<object>> {
    const device = await this.#active(id);
    const deny = await this.#maintain(operator, device.readerId, reason);
    if (deny !== null) return { ok: false, deny };
    await this.#record(device.readerId, operator.id, [`-face_pack:${device.packHash}`, `+face_pack:${packHash}`]);
    await this.#deps.devices.allowPack(id, packHash);
    return { ok: true };
  }

  /** Which active terminal calls this address; null = none. */
  async identify(token: string, path: string): Promise<FaceDevice | null> {
    const claimed = claimedDeviceOf(token);
    const device = claimed === null ? null : await this.#deps.devices.find(claimed);
    if (device?.status !== 'active') return null;
    return (await isDeviceCall(token, { publicKey: device.publicKey, path, nowMs: this.#deps.clock.nowMs() })) ? device : null;
  }

  /** @throws audit.unavailable its camera came or went, and nobody would hear of it */
  async next(device: FaceDevice, camera: TerminalCamera = 'unknown'): Promise<FaceTask | null> {
    const before = this.#sightings.of(device.id).camera;
    this.#sightings.seen(device.id, { atMs: this.#deps.clock.nowMs(), camera });
    if ((camera === 'lost') !== (before === 'lost')) await this.#alarm(device, camera === 'lost');
    const asked = this.#deps.faces.next(device.id, camera);
    // A question that comes meanwhile is told again at its next call.
    const task = await (this.leases === null ? asked : Promise.race([asked, this.leases.lent.recalled(device.id)]));
    this.carried?.told(device.id, task);
    return task;
  }

  async attest(device: FaceDevice, jws: string): Promise<FaceRefusal | null> {
    const refusal = await this.#deps.faces.attest(jws);
    this.#sightings.said(device.id, { atMs: this.#deps.clock.nowMs(), result: refusal ?? claimedResultOf(jws) });
    return refusal;
  }

  /** What became of an order, signed by the terminal. False: it is none, or of no open order. @throws audit.unavailable */
  async report(device: FaceDevice, jws: string): Promise<boolean> {
    const signed = await verifyDeviceSignature(jws, { publicKey: device.publicKey, typ: REPORT_TYPE });
    const parsed = tryParse(faceReportSchema, signed?.payload);
    if (!parsed.success || parsed.data.device !== device.id) return false;
    const order = await this.#deps.faces.finishOrder(device.id, parsed.data.order);
    if (order === null) return false;
    this.#sightings.said(device.id, { atMs: this.#deps.clock.nowMs(), result: `${order.kind}:${parsed.data.result}` });
    const isCarried = order.storage === 'carried' && this.carried !== null && (await this.carried.finish(device, order, parsed.data));
    const report: FaceReport =
      order.storage !== 'carried' || isCarried
        ? parsed.data
        : { ...parsed.data, result: parsed.data.result === 'refused' ? 'refused' : 'failed', template: null };
    await this.#book.reported({ device, order, report, jws });
    if (order.kind === 'enrol' && report.result === 'done') await this.carried?.destroyReplaced(order.personId);
    return true;
  }

  async #alarm({ readerId }: FaceDevice, active: boolean): Promise<void> {
    const { audit, clock } = this.#deps;
    await audit.append({ type: 'alarm', occurredAtMs: clock.nowMs(), code: CAMERA_LOST, sourceType: 'reader', sourceId: readerId, active });
  }

  async #active(id: FaceDeviceId): Promise<FaceDevice> {
    const device = await this.#deps.devices.find(id);
    if (device?.status !== 'active') throw unknownDevice();
    return device;
  }

  /** Whoever puts up a terminal gives access as surely as whoever pairs a reader. Null = permitted. */
  async #maintain(operator: Operator, readerId: ReaderId, reason: string): Promise<Deny | null> {
    const target = { type: 'reader', id: readerId } as const;
    const decision = await this.#deps.authorizeOperator({ action: READER_MAINTAIN, operator, target, reason, firstOperatorId: null });
    return decision.effect === 'deny' ? decision : null;
  }

  /** Before the change: a terminal that the log does not know must not exist. */
  async #record(readerId: ReaderId, operatorId: PersonId, changes: string[]): Promise<void> {
    const { audit, clock, random } = this.#deps;
    await audit.append({
      type: 'directory_change',
      occurredAtMs: clock.nowMs(),
      changeId: random.id('chg'),
      subjectType: 'reader',
      subjectId: readerId,
      personId: null,
      change: 'replaced',
      changes,
      digestBefore: null,
      digestAfter: null,
      operatorId,
    });
  }
}
