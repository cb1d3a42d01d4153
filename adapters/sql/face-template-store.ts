import type { ExpressionBuilder, Kysely } from 'kysely';
import { z } from 'zod';
import { GatewayError } from '#gateway/domain/errors.ts';
import { FACE_TEMPLATES_MAX, type EnrolledTemplate } from '#gateway/domain/face/enrolled-template.ts';
import { packHashSchema } from '#gateway/domain/face/face-device.ts';
import type { FaceDeviceId, PersonId } from '#gateway/domain/site/ids.ts';
import { FACE_TEMPLATE_PAGE_MAX, type FaceTemplateStore } from '#gateway/ports/face-template-store.ts';
import { idField } from './row-fields.ts';
import { storeCall } from './store-call.ts';
import type { FaceTemplatesTable } from './face-tables.ts';
import type { RecordsTables } from './tables.ts';

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
  deletion_ordered_at_ms: z.int().nullable(),
});

function toTemplate(table: FaceTemplatesTable): EnrolledTemplate {
  const row = rowSchema.parse(table);
  return {
    id: row.id,
    personId: row.person_id,
    deviceId: row.device_id,
    storage: row.storage,
    packHash: row.pack_hash,
    enrolledAtMs: row.enrolled_at_ms,
    expiresAtMs: row.expires_at_ms,
    deletionOrderedAtMs: row.deletion_ordered_at_ms,
    status: row.status,
    endedAtMs: row.ended_at_ms,
    receipt: row.receipt,
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
    deletion_ordered_at_ms: template.deletionOrderedAtMs,
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
  const kept = db.selectFrom('face_templates').selectAll().where('status', '=', 'kept');
  return {
    add: (template) =>
      storeCall(() => db.transaction().execute((transaction) => addTemplate(transaction, template, limits.templatesMax, taken)), {
        unique: taken,
      }),
    markDeleted: (id, { atMs, deviceId, receipt }) =>
      storeCall(async () => {
        const change = db.updateTable('face_templates').set({ status: 'deleted', ended_at_ms: atMs, receipt });
        const own = change.where('id', '=', id).where('device_id', '=', deviceId).where('status', '=', 'kept');
        return (await own.executeTakeFirst()).numUpdatedRows === 1n;
      }),
    orderDeletion: (id, atMs) =>
      storeCall(async () => {
        const change = db.updateTable('face_templates').set({ deletion_ordered_at_ms: atMs });
        const unordered = change.where('id', '=', id).where('status', '=', 'kept').where('deletion_ordered_at_ms', 'is', null);
        return (await unordered.executeTakeFirst()).numUpdatedRows === 1n;
      }),
    openDeletions: () =>
      storeCall(async () => {
        const open = kept.where('deletion_ordered_at_ms', 'is not', null).orderBy('deletion_ordered_at_ms').orderBy('id');
        return (await open.limit(FACE_TEMPLATE_PAGE_MAX).execute()).map(toTemplate);
      }),
    keptBy: (deviceId) =>
      storeCall(async () => {
        const own = kept.where('device_id', '=', deviceId).where('storage', '=', 'terminal').where('deletion_ordered_at_ms', 'is', null);
        return (await own.orderBy('id').limit(FACE_TEMPLATE_PAGE_MAX).execute()).map(toTemplate);
      }),
    find: (id) =>
      storeCall(async () => {
        const row = await db.selectFrom('face_templates').selectAll().where('id', '=', id).executeTakeFirst();
        return row === undefined ? null : toTemplate(row);
      }),
    ofPerson: (personId) => storeCall(async () => (await latestFirst.where('person_id', '=', personId).execute()).map(toTemplate)),
    page: ({ before, limit }) =>
      storeCall(async () => {
        const after = before === null ? latestFirst : latestFirst.where((eb) => isAfter(eb, before));
        return (await after.limit(limit).execute()).map(toTemplate);
      }),
    counts: (nowMs) => storeCall(() => countByDevice(db, nowMs)),
  };
}

const isAfter = (
  eb: ExpressionBuilder<RecordsTables, 'face_templates'>,
  { enrolledAtMs, id }: Pick<EnrolledTemplate, 'enrolledAtMs' | 'id'>,
) => eb.or([eb('enrolled_at_ms', '<', enrolledAtMs), eb.and([eb('enrolled_at_ms', '=', enrolledAtMs), eb('id', '<', id)])]);

async function countByDevice(db: Kysely<RecordsTables>, nowMs: number): ReturnType<FaceTemplateStore['counts']> {
  const rows = await db
    .selectFrom('face_templates')
    .select((eb) => [
      'device_id',
      eb.fn.countAll<number>().as('kept'),
      eb.fn.sum<number>(eb.case().when('expires_at_ms', '<=', nowMs).then(1).else(0).end()).as('expired'),
    ])
    .where('status', '=', 'kept')
    .where('storage', '=', 'terminal')
    .groupBy('device_id')
    .orderBy('device_id')
    .execute();
  // Branded ids again: `add` wrote them.
  return rows.map(({ device_id, expired, kept }) => ({
    deviceId: device_id as FaceDeviceId,
    kept: Number(kept),
    expired: Number(expired),
  }));
}
