import type { Kysely } from 'kysely';
import { z } from 'zod';
import { GatewayError } from '#gateway/domain/errors.ts';
import { FACE_DEVICES_MAX, facePublicKeySchema, packHashSchema, type FaceDevice } from '#gateway/domain/face/face-device.ts';
import type { FaceDeviceId, ReaderId } from '#gateway/domain/site/ids.ts';
import type { FaceDeviceStore } from '#gateway/ports/face-device-store.ts';
import { epochMsField, idField, jsonField } from './row-fields.ts';
import { storeCall } from './store-call.ts';
import type { FaceDevicesTable } from './face-tables.ts';
import type { RecordsTables } from './tables.ts';

const rowSchema = z.object({
  id: idField<FaceDeviceId>(),
  reader_id: idField<ReaderId>(),
  label: z.string(),
  public_key_json: jsonField(facePublicKeySchema),
  pack_hash: packHashSchema,
  status: z.enum(['active', 'revoked']),
  enrolled_at_ms: z.int(),
});

const leaseEndSchema = z.object({ id: idField<FaceDeviceId>(), lease_until_ms: epochMsField });

function toDevice(row: FaceDevicesTable): FaceDevice {
  const { id, reader_id, label, public_key_json, pack_hash, status, enrolled_at_ms } = rowSchema.parse(row);
  return { id, readerId: reader_id, label, publicKey: public_key_json, packHash: pack_hash, status, enrolledAtMs: enrolled_at_ms };
}

export function createSqlFaceDeviceStore(db: Kysely<RecordsTables>, limits = { devicesMax: FACE_DEVICES_MAX }): FaceDeviceStore {
  const inOrder = db.selectFrom('face_devices').selectAll().orderBy('enrolled_at_ms').orderBy('id');
  const changeActive = (id: FaceDeviceId, by: Partial<Pick<FaceDevicesTable, 'status' | 'pack_hash'>>): Promise<boolean> =>
    storeCall(async () => {
      const result = await db.updateTable('face_devices').set(by).where('id', '=', id).where('status', '=', 'active').executeTakeFirst();
      return result.numUpdatedRows === 1n;
    });
  const taken = 'This terminal is known already, or there are too many.';
  return {
    add: ({ id, readerId, label, publicKey, packHash, status, enrolledAtMs }) =>
      storeCall(
        () =>
          db.transaction().execute(async (transaction) => {
            await transaction
              .insertInto('face_devices')
              .values({
                id,
                reader_id: readerId,
                label,
                public_key_json: JSON.stringify(publicKey),
                pack_hash: packHash,
                status,
                enrolled_at_ms: enrolledAtMs,
                journal_seq: 0,
                lease_until_ms: 0,
              })
              .execute();
            const { rows } = await transaction
              .selectFrom('face_devices')
              .select((eb) => eb.fn.countAll<number>().as('rows'))
              .executeTakeFirstOrThrow();
            if (rows > limits.devicesMax) throw new GatewayError('store.conflict', taken);
          }),
        { unique: taken },
      ),
    find: (id) =>
      storeCall(async () => {
        const row = await db.selectFrom('face_devices').selectAll().where('id', '=', id).executeTakeFirst();
        return row === undefined ? null : toDevice(row);
      }),
    list: () => storeCall(async () => (await inOrder.execute()).map(toDevice)),
    ofReader: (readerId) =>
      storeCall(async () => {
        const rows = await inOrder.where('reader_id', '=', readerId).where('status', '=', 'active').execute();
        return rows.map(toDevice);
      }),
    revoke: (id) => changeActive(id, { status: 'revoked' }),
    ...createAloneRecords(db),
    allowPack: (id, packHash) => changeActive(id, { pack_hash: packHash }),
  };
}

/** What terminals may do, and did, while the gateway was away. */
function createAloneRecords(
  db: Kysely<RecordsTables>,
): Pick<FaceDeviceStore, 'journalSeq' | 'advanceJournal' | 'leaseEnds' | 'raiseLeaseEnd'> {
  return {
    journalSeq: (id) =>
      storeCall(async () => {
        const row = await db.selectFrom('face_devices').select('journal_seq').where('id', '=', id).executeTakeFirst();
        return row === undefined ? 0 : Number(row.journal_seq);
      }),
    advanceJournal: (id, seq) =>
      storeCall(async () => {
        const rows = db.updateTable('face_devices').set({ journal_seq: seq });
        await rows.where('id', '=', id).where('journal_seq', '<', seq).execute();
      }),
    leaseEnds: () =>
      storeCall(async () => {
        const rows = await db.selectFrom('face_devices').select(['id', 'lease_until_ms']).orderBy('id').execute();
        return rows.map((row) => leaseEndSchema.parse(row)).map(({ id, lease_until_ms: untilMs }) => ({ id, untilMs }));
      }),
    raiseLeaseEnd: (id, untilMs) =>
      storeCall(async () => {
        const rows = db.updateTable('face_devices').set({ lease_until_ms: untilMs }).where('id', '=', id);
        await rows.where((eb) => eb.or([eb('lease_until_ms', 'is', null), eb('lease_until_ms', '<', untilMs)])).execute();
      }),
  };
}
