import { z } from 'zod';
import type { Deny } from '../../domain/access/decision.ts';
import type { DeskDevice } from '../../domain/desk/desk-device.ts';
import { GatewayError } from '../../domain/errors.ts';
import type { LeaveCause } from '../../domain/people/leaver.ts';
import type { DeskDeviceId, PersonId } from '../../domain/site/ids.ts';
import type { Clock } from '../../ports/clock.ts';
import type { DeskDeviceStore } from '../../ports/desk-device-store.ts';
import type { OneTimeStore } from '../../ports/one-time-store.ts';
import type { PeopleStore } from '../../ports/people-store.ts';
import type { Random } from '../../ports/random.ts';
import type { AuthorizeOperator, Operator } from '../access/types.ts';
import { createDeviceCodes, type DeviceCodes } from '../face/device-codes.ts';
import type { Closed } from '../self/closed.ts';
import type { DeskRecords } from './desk-records.ts';
import type { RevokeDesk } from './revoke-desk.ts';

/** So long a face may be enrolled at a computer after the computer itself was, or after an operator ordered it, ms. */
export const FACE_ORDER_LIFE_MS = 900_000;

export interface DeskGateDeps {
  readonly devices: DeskDeviceStore;
  readonly oneTime: OneTimeStore;
  readonly people: Pick<PeopleStore, 'find'>;
  readonly authorizeOperator: AuthorizeOperator;
  readonly records: DeskRecords;
  readonly revokeDesk: Pick<RevokeDesk, 'revoke'>;
  /** Null: the person has not left. */
  readonly findLeaveCause: (personId: PersonId) => Promise<LeaveCause | null>;
  readonly clock: Clock;
  readonly random: Random;
}

interface Command {
  readonly operator: Operator;
  readonly reason: string;
}
type Outcome<Done> = ({ readonly ok: true } & Done) | { readonly ok: false; readonly deny: Deny };

const deskOfferSchema = z.strictObject({ personId: z.string(), label: z.string(), operatorId: z.string() });

/** Codes that operators give to people, and that their computers take. */
export const createDeskCodes = (deps: Pick<DeskGateDeps, 'oneTime' | 'clock' | 'random'>): DeviceCodes<z.infer<typeof deskOfferSchema>> =>
  createDeviceCodes(deps, { purpose: 'desk_code', schema: deskOfferSchema });

/** People's computers, as operators see them. Every command is decided by the policy and recorded. */
export interface DeskGate {
  /** A one-time code for one computer of the person. @throws resource.unknown, request.conflict the person has left, audit.unavailable */
  offer(
    command: Command,
    what: { readonly personId: PersonId; readonly label: string },
  ): Promise<Outcome<{ readonly code: string; readonly expiresAtMs: number }>>;
  list(): Promise<readonly DeskDevice[]>;
  /** Its word counts no more from here on, and what rests on it ends. @throws resource.unknown, and as RevokeDesk */
  revoke(command: Command, id: DeskDeviceId): Promise<Outcome<{ readonly closed: Closed }>>;
  /** Lets the person enrol their face there, with the models that the computer then names. @throws resource.unknown, audit.unavailable */
  orderFace(command: Command, id: DeskDeviceId): Promise<Outcome<{ readonly expiresAtMs: number }>>;
}

/** Opens the order: whoever holds the computer's key may take it once. */
export async function openFaceOrder(
  { clock, oneTime, random }: Pick<DeskGateDeps, 'clock' | 'oneTime' | 'random'>,
  id: DeskDeviceId,
): Promise<number> {
  const nowMs = clock.nowMs();
  const expiresAtMs = nowMs + FACE_ORDER_LIFE_MS;
  const payloadJson = JSON.stringify({ orderId: random.id('ord') });
  await oneTime.put({ purpose: 'desk_order', key: id, payloadJson, expiresAtMs, nowMs });
  return expiresAtMs;
}

export function createDeskGate(deps: DeskGateDeps): DeskGate {
  const { devices, people, records } = deps;
  const codes = createDeskCodes(deps);

  /** Whoever may give a person a credential may give them a computer. Null = permitted. */
  const enrols = async ({ operator, reason }: Command, personId: PersonId): Promise<Deny | null> => {
    const target = { type: 'person', id: personId } as const;
    const decision = await deps.authorizeOperator({ action: 'person.enrol', operator, target, reason, firstOperatorId: null });
    return decision.effect === 'deny' ? decision : null;
  };
  const known = async (id: DeskDeviceId): Promise<DeskDevice> => {
    const device = await devices.find(id);
    if (device === null) throw new GatewayError('resource.unknown', 'This computer is not known.');
    return device;
  };

  return {
    offer: async (command, { label, personId }) => {
      if ((await people.find(personId)) === null) throw new GatewayError('resource.unknown', 'This person is not known.');
      const deny = await enrols(command, personId);
      if (deny !== null) return { ok: false, deny };
      if ((await deps.findLeaveCause(personId)) !== null) throw new GatewayError('request.conflict', 'This person has left.');
      await records.changed(personId, command.operator.id, [`desk_offered:${label}`]);
      return { ok: true, ...(await codes.offer({ personId, label, operatorId: command.operator.id })) };
    },
    list: () => devices.list(),
    revoke: async (command, id) => {
      const device = await known(id);
      const deny = await enrols(command, device.personId);
      if (deny !== null) return { ok: false, deny };
      const by = { operatorId: command.operator.id, because: 'operator' } as const;
      return { ok: true, closed: await deps.revokeDesk.revoke(device, by) };
    },
    orderFace: async (command, id) => {
      const { personId, status } = await known(id);
      if (status !== 'active') throw new GatewayError('request.conflict', 'This computer is revoked.');
      const deny = await enrols(command, personId);
      if (deny !== null) return { ok: false, deny };
      await records.changed(personId, command.operator.id, [`desk_face_ordered:${id}`]);
      return { ok: true, expiresAtMs: await openFaceOrder(deps, id) };
    },
  };
}
