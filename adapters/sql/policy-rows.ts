import { promisify } from 'node:util';
import { deflateRaw, inflateRaw } from 'node:zlib';
import { z } from 'zod';
import { policyRevisionSchema, type PolicyRevision } from '#gateway/domain/policy/revision.ts';
import type { PolicyActivation } from '#gateway/ports/policy-store.ts';
import { jsonField } from './row-fields.ts';
import type { PolicyActivationsTable, PolicyRevisionsTable } from './policy-tables.ts';

/** A blob that unpacks to more was not packed by us. */
const UNPACKED_BYTES_MAX = 128 * 1024 * 1024;

const deflate = promisify(deflateRaw);
const inflate = promisify(inflateRaw);

/** Text or bytes as they are stored: DEFLATE (RFC 1951). */
export async function pack(value: string | Uint8Array): Promise<Uint8Array> {
  return Uint8Array.from(await deflate(value));
}
/** @throws Error for what was not packed, or is too large */
export async function unpack(packed: Uint8Array): Promise<Uint8Array> {
  return Uint8Array.from(await inflate(packed, { maxOutputLength: UNPACKED_BYTES_MAX }));
}
export async function unpackText(packed: Uint8Array): Promise<string> {
  return new TextDecoder('utf-8', { fatal: true }).decode(await unpack(packed));
}

const revisionRowSchema = z.object({ detail_json: jsonField(policyRevisionSchema) });

export function toRevision(row: Pick<PolicyRevisionsTable, 'detail_json'>): PolicyRevision {
  return revisionRowSchema.parse(row).detail_json;
}

/** `state` and `revision` stand beside the whole for look-ups alone. */
export function toRevisionRow(revision: PolicyRevision): Pick<PolicyRevisionsTable, 'id' | 'state' | 'revision' | 'detail_json'> {
  return { id: revision.id, state: revision.state, revision: revision.revision, detail_json: JSON.stringify(revision) };
}

const activationRowSchema = z.object({
  number: z.int().min(1),
  revision_id: z.string().min(1),
  revision: z.string().min(1),
  previous_id: z.string().nullable(),
  activated_at_ms: z.int(),
});

export function toActivation(row: PolicyActivationsTable): PolicyActivation {
  const parsed = activationRowSchema.parse(row);
  return {
    number: parsed.number,
    revisionId: parsed.revision_id,
    revision: parsed.revision,
    previousId: parsed.previous_id,
    activatedAtMs: parsed.activated_at_ms,
  };
}
