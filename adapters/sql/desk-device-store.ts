import type { Kysely, Transaction } from 'kysely';
import { z } from 'zod';
import { DESK_REVOCATION_CAUSES, DESKS_MAX, DESKS_PER_PERSON_MAX, type DeskDevice } from '#gateway/domain/desk/desk-device.ts';
import { postureSchema } from '#gateway/domain/desk/posture.ts';
import { GatewayError } from '#gateway/domain/errors.ts';
import { facePublicKeySchema, packHashSchema } from '#gateway/domain/face/face-device.ts';
import type { DeskDeviceId, PersonId } from '#gateway/domain/site/ids.ts';
import type { DeskDeviceStore } from '#gateway/ports/desk-device-store.ts';
import { epochMsField, idField, jsonField } from './row-fields.ts';
import { storeCall } from './store-call.ts';
import type { DeskDevicesTable } from './desk-tables.ts';
import type { RecordsTables } from './tables.ts';

const rowSchema = z.object({
  id: idField<DeskDeviceId>(),
  person_id: idField<PersonId>(),
  label: z.string(),
  public_key_json: jsonField(facePublicKeySchema),
  key_kind: z.enum(['file', 'tpm']),
  pack_hash: packHashSchema.nullable(),
  template_id: z.string().nullable(),
  status: z.enum(['active', 'revoked']),
  enrolled_at_ms: z.int(),
  posture_json: jsonField(postureSchema).nullable(),
  posture_at_ms: epochMsField,
  revoked_at_ms: epochMsField,
  revoked_because: z.enum(DESK_REVOCATION_CAUSES).nullable(),
});
const ownerSchema = rowSchema.pick({ person_id: true });

function toDevice(row: DeskDevicesTable): DeskDevice {
  const parsed = rowSchema.parse(row);
  const { posture_at_ms: observedAtMs, posture_json: posture, revoked_at_ms: atMs, revoked_because: because } = parsed;
  return {
    id: parsed.id,
    personId: parsed.person_id,
    label: parsed.label,
    publicKey: parsed.public_key_json,
    keyKind: parsed.key_kind,
    packHash: parsed.pack_hash,
    templateId: parsed.template_id,
    status: parsed.status,
    revocation: atMs === null || because === null ? null : { atMs, because },
    enrolledAtMs: parsed.enrolled_at_ms,
    posture: posture === null || observedAtMs === null ? null : { posture, observedAtMs },
  };
}

const toRow = ({ posture, revocation, ...device }: DeskDevice): DeskDevicesTable => ({
  id: device.id,
  person_id: device.personId,
  label: device.label,
  public_key_json: JSON.stringify(device.publicKey),
  key_kind: device.keyKind,
  pack_hash: device.packHash,
  template_id: device.templateId,
  status: device.status,
  enrolled_at_ms: device.enrolledAtMs,
  posture_json: posture === null ? null : JSON.stringify(posture.posture),
  posture_at_ms: posture?.observedAtMs ?? null,
  revoked_at_ms: revocation?.atMs ?? null,
  revoked_because: revocation?.because ?? null,
});

const LIMITS = { devicesMax: DESKS_MAX, perPersonMax: DESKS_PER_PERSON_MAX };
const taken = 'This computer is known already, or there are too many.';

export function createSqlDeskDeviceStore(db: Kysely<RecordsTables>, limits = LIMITS): DeskDeviceStore {
  const inOrder = db.selectFrom('desk_devices').selectAll().orderBy('enrolled_at_ms').orderBy('id');
  const changeActive = (id: DeskDeviceId, by: Partial<DeskDevicesTable>): Promise<boolean> =>
    storeCall(async () => {
      const result = await db.updateTable('desk_devices').set(by).where('id', '=', id).where('status', '=', 'active').executeTakeFirst();
      return result.numUpdatedRows === 1n;
    });
  return {
    add: (device) =>
      storeCall(
        () =>
          db.transaction().execute(async (transaction) => {
            await transaction.insertInto('desk_devices').values(toRow(device)).execute();
            const { all, own } = await count(transaction, device.personId);
            if (all > limits.devicesMax || own > limits.perPersonMax) throw new GatewayError('store.conflict', taken);
          }),
        { unique: taken },
      ),
    find: (id) =>
      storeCall(async () => {
        const row = await db.selectFrom('desk_devices').selectAll().where('id', '=', id).executeTakeFirst();
        return row === undefined ? null : toDevice(row);
      }),
    list: () => storeCall(async () => (await inOrder.execute()).map(toDevice)),
    owners: () =>
      storeCall(async () => {
        const rows = await db.selectFrom('desk_devices').select('person_id').distinct().where('status', '=', 'active').execute();
        return rows.map((row) => ownerSchema.parse(row).person_id);
      }),
    ofPerson: (personId) =>
      storeCall(async () => (await inOrder.where('person_id', '=', personId).where('status', '=', 'active').execute()).map(toDevice)),
    revoke: (id, { atMs, because }) => changeActive(id, { status: 'revoked', revoked_at_ms: atMs, revoked_because: because }),
    setFace: (id, { packHash, templateId }) => changeActive(id, { pack_hash: packHash, template_id: templateId }),
    keepPosture: (id, { observedAtMs, posture }) =>
      storeCall(async () => {
        const result = await db
          .updateTable('desk_devices')
          .set({ posture_json: JSON.stringify(posture), posture_at_ms: observedAtMs })
          .where('id', '=', id)
          .where('status', '=', 'active')
          .where((eb) => eb.or([eb('posture_at_ms', 'is', null), eb('posture_at_ms', '<', observedAtMs)]))
          .executeTakeFirst();
        return result.numUpdatedRows === 1n;
      }),
  };
}

async function count(transaction: Transaction<RecordsTables>, personId: PersonId): Promise<{ all: number; own: number }> {
  const rows = transaction.selectFrom('desk_devices').select((eb) => eb.fn.countAll<number>().as('rows'));
  const all = await rows.executeTakeFirstOrThrow();
  const own = await rows.where('person_id', '=', personId).where('status', '=', 'active').executeTakeFirstOrThrow();
  return { all: Number(all.rows), own: Number(own.rows) };
}
