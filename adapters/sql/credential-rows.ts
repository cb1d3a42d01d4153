import { z } from 'zod';
import type { Badge, Passkey } from '#gateway/domain/people/person.ts';
import type { CredentialId, PersonId } from '#gateway/domain/site/ids.ts';
import { epochMsField, flagField, idField, jsonField, toFlag } from './row-fields.ts';
import type { BadgesTable, PasskeysTable } from './people-tables.ts';

export const statusField = z.enum(['active', 'suspended', 'lost', 'stolen', 'revoked']);

const badgeRowSchema = z.object({
  id: idField<CredentialId>(),
  person_id: idField<PersonId>(),
  badge_key: z.string(),
  status: statusField,
  valid_from_ms: epochMsField,
  valid_until_ms: epochMsField,
});

const passkeyRowSchema = z.object({
  id: idField<CredentialId>(),
  person_id: idField<PersonId>(),
  webauthn_id: z.string(),
  public_key: z.instanceof(Uint8Array),
  counter: z.int(),
  transports_json: jsonField(z.array(z.string())),
  backed_up: flagField,
  label: z.string(),
  status: statusField,
  created_at_ms: z.int(),
  last_used_at_ms: epochMsField,
  added_with: idField<CredentialId>().nullable(),
});

export function toBadge(row: BadgesTable): Badge {
  const parsed = badgeRowSchema.parse(row);
  return {
    id: parsed.id,
    personId: parsed.person_id,
    badgeKey: parsed.badge_key,
    status: parsed.status,
    validFromMs: parsed.valid_from_ms,
    validUntilMs: parsed.valid_until_ms,
  };
}

export const toBadgeRow = (badge: Badge): BadgesTable => ({
  id: badge.id,
  person_id: badge.personId,
  badge_key: badge.badgeKey,
  status: badge.status,
  valid_from_ms: badge.validFromMs,
  valid_until_ms: badge.validUntilMs,
});

export function toPasskey(row: PasskeysTable): Passkey {
  const parsed = passkeyRowSchema.parse(row);
  return {
    id: parsed.id,
    personId: parsed.person_id,
    webauthnId: parsed.webauthn_id,
    // A driver may hand out its own Buffer; the domain promises plain bytes.
    publicKey: Uint8Array.from(parsed.public_key),
    counter: parsed.counter,
    transports: parsed.transports_json,
    backedUp: parsed.backed_up,
    label: parsed.label,
    status: parsed.status,
    createdAtMs: parsed.created_at_ms,
    lastUsedAtMs: parsed.last_used_at_ms,
    addedWith: parsed.added_with,
  };
}

export const toPasskeyRow = (passkey: Passkey): PasskeysTable => ({
  id: passkey.id,
  person_id: passkey.personId,
  webauthn_id: passkey.webauthnId,
  public_key: passkey.publicKey,
  counter: passkey.counter,
  transports_json: JSON.stringify(passkey.transports),
  backed_up: toFlag(passkey.backedUp),
  label: passkey.label,
  status: passkey.status,
  created_at_ms: passkey.createdAtMs,
  last_used_at_ms: passkey.lastUsedAtMs,
  added_with: passkey.addedWith,
});
