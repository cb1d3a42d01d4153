import { z } from 'zod';
import { field } from './field.ts';
import { idSchema } from './site-schema.ts';

export const SCIM_CLIENTS_MAX = 20;

export const scimSchema = z.strictObject({
  clients: field(
    z
      .array(
        z.strictObject({
          id: field(idSchema, 'id', 'Stands in the log as the one who changed people and groups.'),
          key_sha256: field(
            z.string().regex(/^[0-9a-f]{64}$/, 'is not a SHA-256 in lower-case hex'),
            'hex, 64 characters',
            'SHA-256 of a random key of at least 256 bits (openssl rand -hex 32). Whoever has the key closes any account and fills any group.',
          ),
        }),
      )
      .max(SCIM_CLIENTS_MAX)
      .default([]),
    'list',
    'Directories that drive the life of accounts over SCIM 2.0 at /scim/v2. Without one the addresses do not exist.',
  ),
});
