import { expect, it } from 'vitest';
import { notToldOf, turnedOffOf } from '#admin-ui/src/features/portal/posture-parts.ts';
import { GOOD_POSTURE } from '#test/support/desk/signing-desk.ts';

it('tells what a person can turn on from what the computer could not find out', () => {
  const told = { ...GOOD_POSTURE, networks: [] };
  expect([turnedOffOf(told), notToldOf(told)]).toEqual([[], []]);
  const poor = { ...told, firewall: 'off', screen_lock: 'off', secure_boot: 'unknown', os: { ...told.os, age_days: null } } as const;
  expect([turnedOffOf(poor), notToldOf(poor)]).toEqual([
    ['firewall', 'screen_lock'],
    ['secure_boot', 'updates'],
  ]);
});
