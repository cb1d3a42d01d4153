import { buildPolicyData } from '#gateway/app/policy/build-policy-data.ts';
import type { GrantId, ProfileId } from '#gateway/domain/site/ids.ts';

const PROFILE = 'everyday' as ProfileId;

/** Policy data in which the role `staff` may pass `main` at any time, by the first of `count` grants; all others are of one person each. */
export function dataOfManyGrants(count: number) {
  return buildPolicyData(
    [{ id: PROFILE, name: 'Everyday', resources: [{ kind: 'door', id: 'main' }] }],
    Array.from({ length: count }, (_, index) => ({
      id: `grt_${index}` as GrantId,
      profileId: PROFILE,
      holder: index === 0 ? ({ kind: 'role', id: 'staff' } as const) : ({ kind: 'person', id: `usr_${index}` } as const),
      schedule: 'always',
      validFromMs: null,
      validUntilMs: null,
      reason: 'benchmark',
    })),
    { always: { weekdays: [1, 2, 3, 4, 5, 6, 7], from_minute: 0, until_minute: 1_440, on_holidays: true } },
  );
}
