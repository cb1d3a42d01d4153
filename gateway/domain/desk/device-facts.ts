import type { DecisionContext } from '../access/decision-input.ts';
import { NO_DEVICE } from '../access/input-facts.ts';
import type { DeskDevice } from './desk-device.ts';
import { isCompliant, POSTURE_LIFE_MS, POSTURE_SKEW_MS_MAX, type PostureStatement } from './posture.ts';

export type PostureFault = 'posture.device_revoked' | 'posture.wrong_device' | 'posture.clock_off' | 'posture.replayed';

/** Why a statement whose signature was verified changes nothing. Null = it counts. An older one again would hide what came after it. */
export function findPostureFault(statement: PostureStatement, device: DeskDevice, nowMs: number): PostureFault | null {
  if (device.status !== 'active') return 'posture.device_revoked';
  if (statement.device !== device.id) return 'posture.wrong_device';
  if (Math.abs(nowMs - statement.observed_at_ms) > POSTURE_SKEW_MS_MAX) return 'posture.clock_off';
  const isNewer = device.posture === null || statement.observed_at_ms > device.posture.observedAtMs;
  return isNewer ? null : 'posture.replayed';
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
