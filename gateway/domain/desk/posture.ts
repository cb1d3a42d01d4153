import { z } from 'zod';
import { NO_DEVICE, type DecisionContext } from '../access/decision-input.ts';
import type { DeskDevice } from './desk-device.ts';

/** `typ` of the JWS in which a computer says how it is kept. */
export const POSTURE_TYPE = 'gatehouse-posture+jwt';
/** How long it counts: an agent that runs tells it three times in that. */
export const POSTURE_LIFE_MS = 900_000;
/** How far the computer's clock may be off. */
export const POSTURE_SKEW_MS_MAX = 60_000;
/** A system that was updated longer ago meets no rule. */
export const OS_AGE_DAYS_MAX = 60;
const NETWORKS_MAX = 16;

const state = z.enum(['on', 'off', 'unknown']);
export type PostureState = z.infer<typeof state>;

/** What an agent finds out about its own machine. What it cannot find out is unknown, and never good. */
export const postureSchema = z.strictObject({
  disk_encryption: state,
  firewall: state,
  screen_lock: state,
  secure_boot: state,
  os: z.strictObject({
    name: z.string().max(100),
    version: z.string().max(100),
    /** Whole days since it was last updated. */
    age_days: z.int().min(0).max(100_000).nullable(),
  }),
  /** Networks that the machine is in, such as `192.0.2.0/24`. */
  networks: z.array(z.string().max(64)).max(NETWORKS_MAX),
});
export type Posture = z.infer<typeof postureSchema>;

export const postureStatementSchema = z.strictObject({
  device: z.string().min(1).max(128),
  posture: postureSchema,
  observed_at_ms: z.int().min(0),
});
export type PostureStatement = z.infer<typeof postureStatementSchema>;

export type PostureFault = 'posture.device_revoked' | 'posture.wrong_device' | 'posture.clock_off' | 'posture.replayed';

/** Why a statement whose signature was verified changes nothing. Null = it counts. An older one again would hide what came after it. */
export function findPostureFault(statement: PostureStatement, device: DeskDevice, nowMs: number): PostureFault | null {
  if (device.status !== 'active') return 'posture.device_revoked';
  if (statement.device !== device.id) return 'posture.wrong_device';
  if (Math.abs(nowMs - statement.observed_at_ms) > POSTURE_SKEW_MS_MAX) return 'posture.clock_off';
  const isNewer = device.posture === null || statement.observed_at_ms > device.posture.observedAtMs;
  return isNewer ? null : 'posture.replayed';
}

/** The rules that `compliant` stands for: the disk encrypted, firewall and screen lock on, updates of the last 60 days. */
export function isCompliant({ disk_encryption, firewall, os, screen_lock }: Posture): boolean {
  const isUpdated = os.age_days !== null && os.age_days <= OS_AGE_DAYS_MAX;
  return disk_encryption === 'on' && firewall === 'on' && screen_lock === 'on' && isUpdated;
}

/** As the policy reads it. A device that has fallen silent keeps its id and nothing else; one that was revoked is managed no more. */
export function toDeviceFacts(device: DeskDevice | null, nowMs: number): DecisionContext['device'] {
  if (device === null) return NO_DEVICE;
  const { id, posture: kept, status } = device;
  const ageMs = kept === null ? Number.POSITIVE_INFINITY : Math.max(0, nowMs - kept.observedAtMs);
  if (status !== 'active' || kept === null || ageMs > POSTURE_LIFE_MS) return { ...NO_DEVICE, id };
  const { disk_encryption, firewall, os, screen_lock, secure_boot } = kept.posture;
  return {
    known: true,
    id,
    // An operator gave the code with which it was enrolled.
    managed: true,
    compliant: isCompliant(kept.posture),
    disk_encryption,
    firewall,
    screen_lock,
    secure_boot,
    os_age_known: os.age_days !== null,
    os_age_days: os.age_days ?? 0,
    age_s: Math.floor(ageMs / 1_000),
  };
}
