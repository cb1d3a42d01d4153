import { randomBytes } from 'node:crypto';
import type { Kysely } from 'kysely';
import { z } from 'zod';
import { GatewayError } from '#gateway/domain/errors.ts';
import { READER_TEMPLATES_MAX, type ReaderTemplate } from '#gateway/domain/face/reader-match.ts';
import type { PersonId } from '#gateway/domain/site/ids.ts';
import type { ReaderTemplateStore } from '#gateway/ports/reader-template-store.ts';
import { idField } from './row-fields.ts';
import { MASTER_KEY_LENGTH_BYTES, openSecret, sealSecret } from './sealed-secret.ts';
import { storeCall } from './store-call.ts';
import type { ReaderTemplatesTable } from './face-tables.ts';
import type { RecordsTables } from './tables.ts';

const rowSchema = z.object({
  person_id: idField<PersonId>(),
  trait_type: z.int().min(0).max(255),
  format: z.int().min(0).max(255),
  enrolled_at_ms: z.int(),
  expires_at_ms: z.int(),
});

type Named = Pick<ReaderTemplate, 'personId' | 'type' | 'format'>;
/** What is sealed names whose it is: a row that is copied under another name opens nothing. */
const nameOf = (part: 'key' | 'template', { format, personId, type }: Named): string =>
  `reader-template/${part}/${personId}/${String(type)}/${String(format)}`;

function seal(masterKey: Uint8Array, named: Named, bytes: Uint8Array): Pick<ReaderTemplatesTable, 'sealed' | 'sealed_key'> {
  const key = randomBytes(MASTER_KEY_LENGTH_BYTES);
  try {
    return { sealed: sealSecret(key, nameOf('template', named), bytes), sealed_key: sealSecret(masterKey, nameOf('key', named), key) };
  } finally {
    key.fill(0);
  }
}

function open(masterKey: Uint8Array, named: Named, row: Pick<ReaderTemplatesTable, 'sealed' | 'sealed_key'>): Uint8Array {
  const key = openSecret(masterKey, nameOf('key', named), row.sealed_key);
  try {
    return openSecret(key, nameOf('template', named), row.sealed);
  } finally {
    key.fill(0);
  }
}

function toTemplate(table: Omit<ReaderTemplatesTable, 'sealed' | 'sealed_key'>): ReaderTemplate {
  const row = rowSchema.parse(table);
  const { enrolled_at_ms: enrolledAtMs, expires_at_ms: expiresAtMs, format, person_id: personId, trait_type: type } = row;
  return { personId, type, format, enrolledAtMs, expiresAtMs };
}

/** `masterKey` (32 bytes) stays the caller's: it must not be zeroed while the store is in use. */
export function createSqlReaderTemplateStore(
  db: Kysely<RecordsTables>,
  masterKey: Uint8Array,
  limits = { templatesMax: READER_TEMPLATES_MAX },
): ReaderTemplateStore {
  const save = async (template: ReaderTemplate, bytes: Uint8Array): Promise<void> => {
    const { enrolledAtMs: enrolled_at_ms, expiresAtMs: expires_at_ms, format, personId: person_id, type: trait_type } = template;
    const kept = { ...seal(masterKey, template, bytes), enrolled_at_ms, expires_at_ms };
    await db.transaction().execute(async (transaction) => {
      await transaction
        .insertInto('reader_templates')
        .values({ person_id, trait_type, format, ...kept })
        .onConflict((conflict) => conflict.columns(['person_id', 'trait_type', 'format']).doUpdateSet(kept))
        .execute();
      const { rows } = await transaction
        .selectFrom('reader_templates')
        .select((eb) => eb.fn.countAll<number>().as('rows'))
        .executeTakeFirstOrThrow();
      if (rows > limits.templatesMax) throw new GatewayError('store.conflict', 'There are too many templates.');
    });
  };
  const count = ({ numDeletedRows }: { readonly numDeletedRows: bigint }): number => Number(numDeletedRows);
  const listed = db.selectFrom('reader_templates').select(['person_id', 'trait_type', 'format', 'enrolled_at_ms', 'expires_at_ms']);
  return {
    find: (personId, { format, type }, nowMs) =>
      storeCall(async () => {
        const row = await db
          .selectFrom('reader_templates')
          .select(['sealed', 'sealed_key'])
          .where('person_id', '=', personId)
          .where('trait_type', '=', type)
          .where('format', '=', format)
          .where('expires_at_ms', '>', nowMs)
          .executeTakeFirst();
        return row === undefined ? null : open(masterKey, { personId, type, format }, row);
      }),
    save: (template, bytes) => storeCall(() => save(template, bytes)),
    remove: (personId) =>
      storeCall(async () => count(await db.deleteFrom('reader_templates').where('person_id', '=', personId).executeTakeFirst())),
    ofPerson: (personId) =>
      storeCall(async () => {
        const rows = await listed.where('person_id', '=', personId).orderBy('trait_type').orderBy('format').execute();
        return rows.map(toTemplate);
      }),
    page: ({ format, type }, { after, limit }) =>
      storeCall(async () => {
        const ofKind = listed.where('trait_type', '=', type).where('format', '=', format);
        const rows = await (after === null ? ofKind : ofKind.where('person_id', '>', after)).orderBy('person_id').limit(limit).execute();
        return rows.map(toTemplate);
      }),
    persons: () =>
      storeCall(async () => {
        const rows = await db.selectFrom('reader_templates').select('person_id').distinct().orderBy('person_id').execute();
        return rows.map(({ person_id }) => rowSchema.shape.person_id.parse(person_id));
      }),
    removeExpired: (nowMs) =>
      storeCall(async () => count(await db.deleteFrom('reader_templates').where('expires_at_ms', '<=', nowMs).executeTakeFirst())),
  };
}
