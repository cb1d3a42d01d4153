import { z } from 'zod';
import type { DeskDevice } from '../../domain/desk/desk-device.ts';
import { findPostureFault, type PostureFault } from '../../domain/desk/device-facts.ts';
import { POSTURE_TYPE, postureStatementSchema } from '../../domain/desk/posture.ts';
import { GatewayError } from '../../domain/errors.ts';
import type { FacePublicKey } from '../../domain/face/face-device.ts';
import { faceReportSchema, REPORT_TYPE } from '../../domain/face/report.ts';
import type { DeskDeviceId, PersonId } from '../../domain/site/ids.ts';
import { tryParse } from '../../domain/try-parse.ts';
import { GATEWAY_ITSELF } from '../revocation/restrict.ts';
import { isDeviceCall } from '../face/device-call.ts';
import { claimedDeviceOf, verifyDeviceSignature } from '../face/device-signature.ts';
import { createDeskCodes, openFaceOrder, type DeskGateDeps } from './desk-gate.ts';

/** From the order's beginning at the computer to its end: consent and five frames, ms. */
export const FACE_ENROLMENT_MS_MAX = 300_000;
/** What a report names instead of an order when the person had their face deleted: nobody has to allow that. */
export const FORGOTTEN_ORDER = 'forgotten';

const orderSchema = z.strictObject({ orderId: z.string() });
const begunSchema = orderSchema.extend({ packHash: z.string() });

export interface DeskEnrolment {
  readonly code: string;
  readonly publicKey: FacePublicKey;
  readonly keyKind: DeskDevice['keyKind'];
  /** Null = this computer will look at no face. */
  readonly packHash: string | null;
  /** Shows that the computer has the key. */
  readonly proof: string;
  readonly path: string;
}

/** People's computers, as they themselves see the gateway. */
export interface DeskAgents {
  /** Takes the computer's key against the code, once. @throws enrolment.invalid, store.conflict, audit.unavailable */
  enrol(request: DeskEnrolment): Promise<DeskDevice>;
  /** Which active computer calls this address; null = none. */
  identify(token: string, path: string): Promise<DeskDevice | null>;
  /** Why this computer counts no more, told to whoever holds its key. Null = it does, or it is not known. */
  findRevocation(token: string, path: string): Promise<Pick<DeskDevice, 'revocation'> | null>;
  /** Takes the open order to enrol a face; null = there is none. */
  beginFace(device: DeskDevice, packHash: string): Promise<string | null>;
  /** What became of it. False: it is of no order that was begun. @throws audit.unavailable */
  reportFace(device: DeskDevice, jws: string): Promise<boolean>;
  /** Null = it is kept. */
  takePosture(device: DeskDevice, jws: string): Promise<PostureFault | 'posture.invalid' | null>;
}

type Deps = Pick<DeskGateDeps, 'devices' | 'oneTime' | 'records' | 'revokeDesk' | 'findLeaveCause' | 'clock' | 'random'>;

const begunKey = (id: DeskDeviceId): string => `${id}:begun`;

export function createDeskAgents(deps: Deps): DeskAgents {
  const { clock, devices, oneTime, random, records } = deps;
  const codes = createDeskCodes(deps);

  return {
    enrol: async ({ code, keyKind, packHash, path, proof, publicKey }) => {
      const nowMs = clock.nowMs();
      const invalid = new GatewayError('enrolment.invalid', 'This code was used, has expired, or the key does not fit.');
      if (!(await isDeviceCall(proof, { publicKey, path, nowMs }))) throw invalid;
      const offered = await codes.take(code);
      if (offered === null) throw invalid;
      // Branded again: the gate wrote them.
      const [personId, operatorId] = [offered.personId as PersonId, offered.operatorId as PersonId];
      if ((await deps.findLeaveCause(personId)) !== null) throw invalid;
      const id = random.id('dsk') as DeskDeviceId;
      const { label } = offered;
      await records.changed(personId, operatorId, [`+desk:${id}`, ...(packHash === null ? [] : [`+face_pack:${packHash}`])]);
      const known = { id, personId, label, publicKey, keyKind, packHash, enrolledAtMs: nowMs } as const;
      const device: DeskDevice = { ...known, templateId: null, status: 'active', revocation: null, posture: null };
      await devices.add(device);
      // Whoever left meanwhile may have had their computers revoked before this one was there.
      const because = await deps.findLeaveCause(personId);
      if (because !== null) {
        await deps.revokeDesk.revoke(device, { operatorId: GATEWAY_ITSELF, because });
        throw invalid;
      }
      if (packHash !== null) await openFaceOrder(deps, id);
      return device;
    },

    identify: async (token, path) => {
      const device = await findCaller(deps, token, path);
      return device?.status === 'active' ? device : null;
    },

    findRevocation: async (token, path) => {
      const device = await findCaller(deps, token, path);
      return device?.status === 'revoked' ? { revocation: device.revocation } : null;
    },

    beginFace: async ({ id }, packHash) => {
      const nowMs = clock.nowMs();
      const order = tryParse(orderSchema, JSON.parse((await oneTime.take('desk_order', id, nowMs)) ?? 'null'));
      if (!order.success) return null;
      const payloadJson = JSON.stringify({ ...order.data, packHash });
      await oneTime.put({ purpose: 'desk_order', key: begunKey(id), payloadJson, expiresAtMs: nowMs + FACE_ENROLMENT_MS_MAX, nowMs });
      return order.data.orderId;
    },

    reportFace: (device, jws) => reportFace(deps, device, jws),

    takePosture: async (device, jws) => {
      const signed = await verifyDeviceSignature(jws, { publicKey: device.publicKey, typ: POSTURE_TYPE });
      const statement = tryParse(postureStatementSchema, signed?.payload);
      if (!statement.success) return 'posture.invalid';
      const fault = findPostureFault(statement.data, device, clock.nowMs());
      if (fault !== null) return fault;
      const { observed_at_ms: observedAtMs, posture } = statement.data;
      return (await devices.keepPosture(device.id, { posture, observedAtMs })) ? null : 'posture.replayed';
    },
  };
}

/** Whose key signed this call, revoked or not. */
async function findCaller({ clock, devices }: Pick<Deps, 'clock' | 'devices'>, token: string, path: string): Promise<DeskDevice | null> {
  const claimed = claimedDeviceOf(token);
  // Another kind of id; it is only looked up.
  const device = claimed === null ? null : await devices.find(claimed as string as DeskDeviceId);
  if (device === null) return null;
  return (await isDeviceCall(token, { publicKey: device.publicKey, path, nowMs: clock.nowMs() })) ? device : null;
}

async function reportFace({ clock, devices, oneTime, records }: Deps, device: DeskDevice, jws: string): Promise<boolean> {
  const signed = await verifyDeviceSignature(jws, { publicKey: device.publicKey, typ: REPORT_TYPE });
  const report = tryParse(faceReportSchema, signed?.payload);
  if (!report.success || report.data.device !== device.id) return false;
  const { order, result, template } = report.data;
  const { packHash, personId } = device;
  if (order === FORGOTTEN_ORDER) {
    await records.face('revoked', { personId, credentialId: template ?? device.templateId, cause: `delete:${result}` });
    await devices.setFace(device.id, { packHash, templateId: null });
    return true;
  }
  const begun = tryParse(begunSchema, JSON.parse((await oneTime.take('desk_order', begunKey(device.id), clock.nowMs())) ?? 'null'));
  if (!begun.success || begun.data.orderId !== order) return false;
  const isDone = result === 'done' && template !== null;
  await records.face(isDone ? 'enrolled' : 'authentication_failed', { personId, credentialId: template, cause: `enrol:${result}` });
  if (isDone) await devices.setFace(device.id, { packHash: begun.data.packHash, templateId: template });
  return true;
}
