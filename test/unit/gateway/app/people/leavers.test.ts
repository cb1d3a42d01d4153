import { expect, it } from 'vitest';
import { createMemoryAuditLog } from '#adapters/memory/audit-log.ts';
import { createMemoryStores } from '#adapters/memory/create-memory-stores.ts';
import { findLeaveCause } from '#gateway/app/people/leavers.ts';
import { CLOSED_ACCOUNT_LIFE_MS } from '#gateway/domain/people/leaver.ts';
import type { Standing } from '#gateway/domain/people/person.ts';
import { personId, somePerson } from '#test/support/people.ts';
import { changeStanding } from '#test/support/standing-change.ts';

const DAY_MS = 86_400_000;
const ANN = personId('ann');

/** Each standing on the day that stands beside it; asked on the last day of the 30 after the first. */
async function causeAfter(...changes: readonly (readonly [day: number, to: Standing])[]) {
  let nowMs = 0;
  const clock = { nowMs: () => nowMs, monotonicUs: () => nowMs * 1_000 };
  const { people } = createMemoryStores();
  const audit = createMemoryAuditLog({ clock });
  await people.save(somePerson('ann'));
  for (const [day, to] of changes) {
    nowMs = day * DAY_MS;
    await changeStanding({ people, audit }, { personId: ANN, to, nowMs });
  }
  nowMs = CLOSED_ACCOUNT_LIFE_MS;
  return findLeaveCause({ people, reader: audit, clock }, ANN);
}

it.each([
  ['nobody who was never closed', [], null],
  ['somebody who departed', [[29, 'departed']], 'departed'],
  ['somebody suspended for 30 days', [[0, 'suspended']], 'suspended'],
  ['nobody suspended for less', [[1, 'suspended']], null],
  ['somebody suspended for 30 days, and again meanwhile', [[0, 'suspended'], [20, 'suspended'], [29, 'suspended']], 'suspended'], // prettier-ignore
  ['nobody who was back in between', [[0, 'suspended'], [10, 'active'], [11, 'suspended']], null], // prettier-ignore
] as const)('counts as left: %s', async (_who, changes, cause) => {
  expect(await causeAfter(...changes)).toBe(cause);
});
