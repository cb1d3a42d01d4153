import type { DeskView } from '#gateway/http/contract/desk.ts';
import type { Tone } from '../../shared/log/describe-record.ts';

/** What is not on, by name; what is not known is not on. */
function lacks({ disk_encryption, firewall, os, screen_lock, secure_boot }: NonNullable<DeskView['posture']>['told']): string {
  const parts = { 'disk encryption': disk_encryption, firewall, 'screen lock': screen_lock, 'secure boot': secure_boot };
  const off = Object.entries(parts).flatMap(([name, state]) => (state === 'on' ? [] : [`${name} ${state}`]));
  const age = os.age_days === null ? 'updates unknown' : `updated ${String(os.age_days)} days ago`;
  return [...off, age].join(', ');
}

export function noteOfComputer({ hasFace, keyKind, posture, seenAtMs }: DeskView, ago: (atMs: number) => string): string {
  const seen = seenAtMs === null ? 'not seen yet' : `seen ${ago(seenAtMs)}`;
  const system = posture === null ? [] : [`${posture.told.os.name} ${posture.told.os.version}, ${lacks(posture.told)}`];
  return [seen, ...system, `key in ${keyKind === 'tpm' ? 'TPM' : 'file'}`, hasFace ? 'face enrolled' : 'no face'].join(' · ');
}

/** One that has fallen silent says nothing of itself any more, whatever it said before. */
export function describeComputer({ posture, seenAtMs, status }: DeskView): { readonly tone: Tone; readonly label: string } {
  if (status === 'revoked') return { tone: 'deny', label: 'Revoked' };
  if (posture === null) return { tone: 'unknown', label: seenAtMs === null ? 'Unknown' : 'Silent' };
  return posture.isCompliant ? { tone: 'ok', label: 'Meets the rules' } : { tone: 'warn', label: 'Does not meet the rules' };
}
