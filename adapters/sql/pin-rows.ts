import { z } from 'zod';
import type { Pin, PinAttempts } from '#gateway/domain/people/pin.ts';
import type { CredentialId, PersonId, ReaderId } from '#gateway/domain/site/ids.ts';
import { statusField } from './credential-rows.ts';
import { idField, jsonField } from './row-fields.ts';
import type { PinAttemptsTable, PinsTable } from './people-tables.ts';

const bytesField = z.instanceof(Uint8Array);

const pinRowSchema = z.object({
  person_id: idField<PersonId>(),
  id: idField<CredentialId>(),
  salt: bytesField,
  cost_n: z.int(),
  cost_r: z.int(),
  cost_p: z.int(),
  hash: bytesField,
  duress_hash: bytesField.nullable(),
  status: statusField,
  changed_at_ms: z.int(),
});

const attemptsRowSchema = z.object({
  person_id: idField<PersonId>(),
  reader_id: idField<ReaderId>(),
  wrong_at_ms_json: jsonField(z.array(z.int())),
  locks: z.int(),
  locked_until_ms: z.int(),
});

export function toPin(row: PinsTable): Pin {
  const parsed = pinRowSchema.parse(row);
  return {
    id: parsed.id,
    personId: parsed.person_id,
    // A driver may hand out its own Buffer; the domain promises plain bytes.
    salt: Uint8Array.from(parsed.salt),
    cost: { n: parsed.cost_n, r: parsed.cost_r, p: parsed.cost_p },
    hash: Uint8Array.from(parsed.hash),
    duressHash: parsed.duress_hash === null ? null : Uint8Array.from(parsed.duress_hash),
    status: parsed.status,
    changedAtMs: parsed.changed_at_ms,
  };
}

export const toPinRow = (pin: Pin): PinsTable => ({
  person_id: pin.personId,
  id: pin.id,
  salt: pin.salt,
  cost_n: pin.cost.n,
  cost_r: pin.cost.r,
  cost_p: pin.cost.p,
  hash: pin.hash,
  duress_hash: pin.duressHash,
  status: pin.status,
  changed_at_ms: pin.changedAtMs,
});

export function toPinAttempts(row: PinAttemptsTable): PinAttempts {
  const parsed = attemptsRowSchema.parse(row);
  return {
    personId: parsed.person_id,
    readerId: parsed.reader_id,
    wrongAtMs: parsed.wrong_at_ms_json,
    locks: parsed.locks,
    lockedUntilMs: parsed.locked_until_ms,
  };
}

export const toPinAttemptsRow = (attempts: PinAttempts): PinAttemptsTable => ({
  person_id: attempts.personId,
  reader_id: attempts.readerId,
  wrong_at_ms_json: JSON.stringify(attempts.wrongAtMs),
  locks: attempts.locks,
  locked_until_ms: attempts.lockedUntilMs,
});
