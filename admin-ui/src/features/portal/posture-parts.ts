import type { ComputerView } from '#gateway/http/contract/me-computers.ts';

type Told = NonNullable<ComputerView['posture']>['told'];

const SWITCHES = ['disk_encryption', 'firewall', 'screen_lock', 'secure_boot'] as const;
export type PosturePart = (typeof SWITCHES)[number] | 'updates';

/** What the person can turn on. */
export const turnedOffOf = (told: Told): readonly PosturePart[] => SWITCHES.filter((part) => told[part] === 'off');

/** What the computer could not find out, and what therefore counts as not good. */
export function notToldOf(told: Told): readonly PosturePart[] {
  const unknown = SWITCHES.filter((part) => told[part] === 'unknown');
  return told.os.age_days === null ? [...unknown, 'updates'] : unknown;
}
