import type { PolicyPoint } from '#gateway/ports/policy-point.ts';

/** For door nodes of tests that exchange no policy. */
export const noPolicyPoint: PolicyPoint = {
  prepare: async () => undefined,
  swap: async () => undefined,
  shadow: async () => undefined,
  shadowReport: async () => ({ compared: 0, differences: 0, failures: 0, dropped: 0 }),
};
