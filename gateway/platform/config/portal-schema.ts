import { z } from 'zod';
import { field } from './field.ts';
import { idSchema } from './site-schema.ts';

export const STAFFED_READERS_MAX = 32;
export const LISTED_MAX = 1_000;

/** What everybody sees of themselves at /me, and how somebody without a passkey gets in again. */
export const portalSchema = z.strictObject({
  session_ttl_s: field(
    z.int().min(300).max(86_400).default(3_600),
    'seconds, at most a day',
    'A change of passkeys asks for the passkey again whatever this says.',
  ),
  listed: field(
    z
      .array(z.string().regex(/^(door|app|vpn_realm):[^:]+$/, 'is not door:ID, app:ID or vpn_realm:ID'))
      .max(LISTED_MAX)
      .default([]),
    'list of door:ID, app:ID or vpn_realm:ID',
    'Everybody may know of these and why they are closed to them. Of everything else people see what a grant of theirs names.',
  ),
  staffed_readers: field(
    z.array(idSchema).max(STAFFED_READERS_MAX).default([]),
    'list of reader ids',
    'Entry readers beside which somebody is on duty. Who badges there may be given a new way in by an operator who sees them; without one only an admin gives it.',
  ),
  badge_window_s: field(
    z.int().min(30).max(900).default(300),
    'seconds, at most 15 minutes',
    'How long a badge at a staffed reader counts as standing there.',
  ),
  recovery_code_ttl_s: field(
    z.int().min(60).max(3_600).default(600),
    'seconds, at most an hour',
    'Whoever types the code becomes the person: it is for somebody who has a browser at hand.',
  ),
});
