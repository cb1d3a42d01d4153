import type { DeskDevice } from '../../domain/desk/desk-device.ts';
import { isCompliant, POSTURE_LIFE_MS } from '../../domain/desk/posture.ts';
import type { DeskView } from '../contract/desk.ts';

/** What a computer said of itself last, and how it is kept as far as that still counts. */
export function toToldPosture(kept: DeskDevice['posture'], nowMs: number): Pick<DeskView, 'seenAtMs' | 'posture'> {
  if (kept === null) return { seenAtMs: null, posture: null };
  const { observedAtMs, posture: told } = kept;
  const isOld = nowMs - observedAtMs > POSTURE_LIFE_MS;
  return { seenAtMs: observedAtMs, posture: isOld ? null : { told, observedAtMs, isCompliant: isCompliant(told) } };
}
