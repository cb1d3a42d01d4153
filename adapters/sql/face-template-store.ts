import type { Kysely } from 'kysely';
import { z } from 'zod';
import { GatewayError } from '#gateway/domain/errors.ts';
import { FACE_TEMPLATES_MAX, type EnrolledTemplate } from '#gateway/domain/face/enrolled-template.ts';
import { packHashSchema } from '#gateway/domain/face/face-device.ts';
import type { FaceDeviceId, PersonId } from '#gateway/domain/site/ids.ts';
import type { FaceTemplateStore } from '#gateway/ports/face-template-store.ts';
import { idField } from './row-fields.ts';
import { storeCall } from './store-call.ts';
import type { FaceTemplatesTable, RecordsTables } from './tables.ts';

const rowSchema = z.object({
  id: z.string(),
  person_id: idField<PersonId>(),
  device_id: idField<FaceDeviceId>(),
  storage: z.enum(['terminal', 'carried']),
  pack_hash: packHashSchema,
  enrolled_at_ms: z.int(),
  expires_at_ms: z.int(),
  status: z.enum(['kept', 'replaced', 'deleted']),
  ended_at_ms: z.int().nullable(),
  receipt: z.string().nullable(),
});

function toTemplate(row: FaceTemplatesTable): EnrolledTemplate {
  const { id, person_id, device_id, storage, pack_hash, enrolled_at_ms, expires_at_ms, status, ended_at_ms, receipt } =
    rowSchema.parse(row);
  return {
    id,
    personId: person_id,
    deviceId: device_id,
    storage,
    packHash: pack_hash,
    enrolledAtMs: enrolled_at_ms,
    expiresAtMs: expires_at_ms,
    status,
    endedAtMs: ended_at_ms,
    receipt,
  };
}

function toRow(template: EnrolledTemplate): FaceTemplatesTable {
  return {
    id: template.id,
    person_id: template.personId,
    device_id: template.deviceId,
    storage: template.storage,
    pack_hash: template.packHash,
    enrolled_at_ms: template.enrolledAtMs,
    expires_at_ms: template.expiresAtMs,
    status: template.status,
    ended_at_ms: template.endedAtMs,
    receipt: template.receipt,
  };
}

async function addTemplate(db: Kysely<RecordsTables>, template: EnrolledTemplate, templatesMax: number, taken: string): Promise<void> {
  await db
    .updateTable('face_templates')
    .set({ status: 'replaced', ended_at_ms: template.enrolledAtMs })
    .where('person_id', '=', template.personId)
    .where('device_id', '=', template.deviceId)
    .where('status', '=', 'kept')
    .execute();
  await db.insertInto('face_templates').values(toRow(template)).execute();
  const { rows } = await db
    .selectFrom('face_templates')
    .select((eb) => eb.fn.countAll<number>().as('rows'))
    .executeTakeFirstOrThrow();
  if (rows > templatesMax) throw new GatewayError('store.conflict', taken);
}

export function createSqlFaceTemplateStore(db: Kysely<RecordsTables>, limits = { templatesMax: FACE_TEMPLATES_MAX }): FaceTemplateStore {
  const taken = 'This template is known already, or there are too many.';
  const latestFirst = db.selectFrom('face_templates').selectAll().orderBy('enrolled_at_ms', 'desc').orderBy('id', 'desc');
  return {
    add: (template) =>
      storeCall(() => db.transaction().execute((transaction) => addTemplate(transaction, template, limits.templatesMax, taken)), {
        unique: taken,
      }),
    markDeleted: (id, { atMs, deviceId, receipt }) =>
      storeCall(async () => {
        const change = db.updateTable('face_templates').set({ status: 'deleted', ended_at_ms: atMs, receipt });
        const kept = change.where('id', '=', id).where('device_id', '=', deviceId).where('status', '=', 'kept');
        return (await kept.executeTakeFirst()).numUpdatedRows === 1n;
      }),
    find: (id) =>
      storeCall(async () => {
        const row = await db.selectFrom('face_templates').selectAll().where('id', '=', id).executeTakeFirst();
        return row === undefined ? null : toTemplate(row);
      }),
    ofPerson: (personId) => storeCall(async () => (await latestFirst.where('person_id', '=', personId).execute()).map(toTemplate)),
    page: ({ before, limit }) =>
      storeCall(async () => {
        const after =
          before === null
            ? latestFirst
            : latestFirst.where((eb) =>
                eb.or([
                  eb('enrolled_at_ms', '<', before.enrolledAtMs),
                  eb.and([eb('enrolled_at_ms', '=', before.enrolledAtMs), eb('id', '<', before.id)]),
                ]),
              );
        return (await after.limit(limit).execute()).map(toTemplate);
      }),
    counts: (nowMs) =>
      storeCall(async () => {
        const rows = await db
          .selectFrom('face_templates')
          .select((eb) => [
            'device_id',
            eb.fn.countAll<number>().as('kept'),
            eb.fn.sum<number>(eb.case().when('expires_at_ms', '<=', nowMs).then(1).else(0).end()).as('expired'),
          ])
          .where('status', '=', 'kept')
          .groupBy('device_id')
          .orderBy('device_id')
          .execute();
        // Branded ids again: `add` wrote them.
        return rows.map(({ device_id, expired, kept }) => ({
          deviceId: device_id as FaceDeviceId,
          kept: Number(kept),
          expired: Number(expired),
        }));
      }),
  };
}
