import { expect, it } from 'vitest';
import { CLOSED_ACCOUNT_LIFE_MS, whyLeft } from '#gateway/domain/people/leaver.ts';

const START_MS = 1_760_000_000_000;

it.each([
  ['nobody', null, null, 'departed'],
  ['somebody who has departed', { standing: 'departed', employmentEndMs: null }, null, 'departed'],
  ['somebody active', { standing: 'active', employmentEndMs: null }, null, null],
  ['somebody restricted', { standing: 'restricted', employmentEndMs: null }, null, null],
  ['a suspension of which nobody knows the beginning', { standing: 'suspended', employmentEndMs: null }, null, null],
  ['a suspension that is new', { standing: 'suspended', employmentEndMs: null }, START_MS, null],
  ['an old suspension', { standing: 'suspended', employmentEndMs: null }, START_MS - CLOSED_ACCOUNT_LIFE_MS, 'suspended'],
  ['an employment that ended lately', { standing: 'active', employmentEndMs: START_MS - 1 }, null, null],
  [
    'an employment that ended long ago',
    { standing: 'active', employmentEndMs: START_MS - CLOSED_ACCOUNT_LIFE_MS },
    null,
    'employment_ended',
  ],
  ['one that is yet to end', { standing: 'active', employmentEndMs: START_MS + 1 }, null, null],
] as const)('tells whether somebody has left: %s', (_who, person, suspendedSinceMs, cause) => {
  expect(whyLeft(person, { nowMs: START_MS, suspendedSinceMs })).toBe(cause);
});
