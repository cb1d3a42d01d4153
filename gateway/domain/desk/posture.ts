import { z } from 'zod';

/** `typ` of the JWS in which a computer says how it is kept. */
export const POSTURE_TYPE = 'gatehouse-posture+jwt';
/** How long it counts: an agent that runs tells it three times in that. */
export const POSTURE_LIFE_MS = 900_000;
/** How far the computer's clock may be off. */
export const POSTURE_SKEW_MS_MAX = 60_000;
/** A system that was updated longer ago meets no rule. */
export const OS_AGE_DAYS_MAX = 60;
/** An update so long ago is no date of one. */
export const OS_AGE_DAYS_TAKEN_MAX = 100_000;
const NETWORKS_MAX = 16;
export const OS_TEXT_CHARS_MAX = 100;
const osText = z.string().max(OS_TEXT_CHARS_MAX);
const osSchema = z.strictObject({
  name: osText,
  version: osText,
  /** Whole days since it was last updated. */
  age_days: z.int().min(0).max(OS_AGE_DAYS_TAKEN_MAX).nullable(),
});
/** Nothing that moves or hides what stands beside it: operators read it. */
const plainText = osText.regex(/^[^\p{Cc}\p{Cf}\p{Zl}\p{Zp}]*$/u);

const state = z.enum(['on', 'off', 'unknown']);
export type PostureState = z.infer<typeof state>;

/** What an agent finds out about its own machine. What it cannot find out is unknown, and never good. */
export const postureSchema = z.strictObject({
  disk_encryption: state,
  firewall: state,
  screen_lock: state,
  secure_boot: state,
  os: osSchema,
  /** Networks that the machine is in, such as `192.0.2.0/24`. */
  networks: z.array(z.string().max(64)).max(NETWORKS_MAX),
});
export type Posture = z.infer<typeof postureSchema>;

export const postureStatementSchema = z.strictObject({
  device: z.string().min(1).max(128),
  posture: postureSchema.extend({ os: osSchema.extend({ name: plainText, version: plainText }) }),
  observed_at_ms: z.int().min(0),
});
export type PostureStatement = z.infer<typeof postureStatementSchema>;

/** The rules that `compliant` stands for: the disk encrypted, firewall and screen lock on, updates of the last 60 days. */
export function isCompliant({ disk_encryption, firewall, os, screen_lock }: Posture): boolean {
  const isUpdated = os.age_days !== null && os.age_days <= OS_AGE_DAYS_MAX;
  return disk_encryption === 'on' && firewall === 'on' && screen_lock === 'on' && isUpdated;
}
