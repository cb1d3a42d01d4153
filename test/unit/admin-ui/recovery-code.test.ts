import { expect, it } from 'vitest';
import { readRecoveryCode } from '#admin-ui/src/features/enrol/recovery-code.ts';

it.each(['7K3M-Q9TW-0XYZ-1ABC', '7k3mq9tw0xyz1abc', ' 7K3M Q9TW OXYZ IABC ', '7K3M–Q9TW–0XYZ–LABC'])('reads “%s”', (typed) => {
  expect(readRecoveryCode(typed)).toBe('7K3M-Q9TW-0XYZ-1ABC');
});

it.each(['', '7K3M-Q9TW-0XYZ-1AB', '7K3M-Q9TW-0XYZ-1ABCD', '7K3M-Q9TW-0XYZ-1ABU', '<script>alert(1)'])(
  'takes “%s” for no code',
  (typed) => {
    expect(readRecoveryCode(typed)).toBeNull();
  },
);
