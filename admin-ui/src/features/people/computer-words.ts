import type { DeskRevocationView, DeskView } from '#gateway/http/contract/desk.ts';
import type { Tone } from '../../shared/log/describe-record.ts';

/** What is not on, by name; what is not known is not on. */
function lacks({ disk_encryption, firewall, os, screen_lock, secure_boot }: NonNullable<DeskView['posture']>['told']): string {
  const parts = { 'disk encryption': disk_encryption, firewall, 'screen lock': screen_lock, 'secure boot': secure_boot };
  const off = Object.entries(parts).flatMap(([name, state]) => (state === 'on' ? [] : [`${name} ${state}`]));
  const age = os.age_days === null ? 'updates unknown' : `updated ${String(os.age_days)} days ago`;
  return [...off, age].join(', ');
}

const REVOKED_BECAUSE: Readonly<Record<NonNullable<DeskRevocationView>['because'], string>> = {
  operator: 'an operator did it',
  owner: 'the person removed it',
  departed: 'the person has left',
  suspended: 'the account had been closed for 30 days',
  employment_ended: 'the employment had been over for 30 days',
};

export function noteOfComputer({ hasFace, keyKind, posture, revocation, seenAtMs }: DeskView, ago: (atMs: number) => string): string {
  const kept = [`key in ${keyKind === 'tpm' ? 'TPM' : 'file'}`, hasFace ? 'face enrolled' : 'no face'];
  if (revocation !== null) return [`revoked ${ago(revocation.atMs)}: ${REVOKED_BECAUSE[revocation.because]}`, ...kept].join(' · ');
  const seen = seenAtMs === null ? 'not seen yet' : `seen ${ago(seenAtMs)}`;
  const system = posture === null ? [] : [`${posture.told.os.name} ${posture.told.os.version}, ${lacks(posture.told)}`];
  return [seen, ...system, ...kept].join(' · ');
}

/** One that has fallen silent says nothing of itself any more, whatever it said before. */
export function describeComputer({ posture, seenAtMs, status }: DeskView): { readonly tone: Tone; readonly label: string } {
  if (status === 'revoked') return { tone: 'deny', label: 'Revoked' };
  if (posture === null) return { tone: 'unknown', label: seenAtMs === null ? 'Unknown' : 'Silent' };
  return posture.isCompliant ? { tone: 'ok', label: 'Meets the rules' } : { tone: 'warn', label: 'Does not meet the rules' };
}
