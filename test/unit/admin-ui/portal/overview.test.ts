import { expect, it } from 'vitest';
import { lastBadge, recentDenials, standingOf } from '#admin-ui/src/features/portal/overview.ts';
import type { MyLogEntry } from '#gateway/http/contract/me.ts';

const DAY_MS = 86_400_000;
const NOW_MS = 100 * DAY_MS;
const decision = {
  kind: 'decision',
  seq: 1,
  atMs: NOW_MS - DAY_MS,
  action: 'door.unlock',
  effect: 'permit',
  resource: null,
  reasons: [],
  conditions: [],
  decisionId: 'dec_1',
  network: 'none',
} as const satisfies MyLogEntry;
const standing = (to: 'active' | 'restricted' | 'suspended'): MyLogEntry => ({ kind: 'standing', seq: 2, atMs: NOW_MS, to });

it('finds the last badge, granted or not, among what is newest first', () => {
  const denied = { ...decision, seq: 3, effect: 'deny' } as const;
  expect(lastBadge([{ ...decision, seq: 4, action: 'app.login' }, denied, decision])).toBe(denied);
  expect(lastBadge([standing('active')])).toBeNull();
});

it('counts the denials of the last seven days', () => {
  const denied = { ...decision, effect: 'deny' } as const;
  expect(
    recentDenials([denied, decision, { ...denied, atMs: NOW_MS - 7 * DAY_MS }, { ...denied, atMs: NOW_MS - 7 * DAY_MS + 1 }], NOW_MS),
  ).toBe(2);
});

it('says that the access is restricted only while the newest change says so', () => {
  expect(standingOf([standing('restricted'), standing('active')])).toBe('restricted');
  expect(standingOf([standing('active'), standing('restricted')])).toBe('active');
  expect(standingOf([])).toBe('active');
});
