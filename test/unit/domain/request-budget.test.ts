import { expect, it } from 'vitest';
import { RequestBudget } from '#gateway/domain/request-budget.ts';

const rule = { max: 2, windowMs: 1_000, keysMax: 3 };

it('gives a key as many as its most and says how long to wait for the next', () => {
  const budget = new RequestBudget(rule);
  expect([budget.take('a', 0), budget.take('a', 100)]).toEqual([0, 0]);
  expect(budget.take('a', 400)).toBe(600);
  expect(budget.take('a', 999)).toBe(1);
  expect(budget.take('a', 1_000)).toBe(0);
});

it('counts keys apart', () => {
  const budget = new RequestBudget(rule);
  budget.take('a', 0);
  budget.take('a', 0);
  expect([budget.take('a', 0), budget.take('b', 0)]).toEqual([1_000, 0]);
});

it('takes nothing when it only tells', () => {
  const budget = new RequestBudget(rule);
  expect([budget.waitMs('a', 0), budget.take('a', 0), budget.take('a', 0), budget.waitMs('a', 0)]).toEqual([0, 0, 0, 1_000]);
});

it('gives back within the window and not into the next', () => {
  const budget = new RequestBudget(rule);
  budget.take('a', 0);
  budget.take('a', 0);
  budget.giveBack('a', 500);
  expect([budget.take('a', 500), budget.take('a', 500)]).toEqual([0, 500]);
  budget.giveBack('a', 1_000);
  expect([budget.take('a', 1_000), budget.take('a', 1_000), budget.take('a', 1_000)]).toEqual([0, 0, 1_000]);
});

it('remembers as many keys as its most, and beyond them forgets the oldest', () => {
  const budget = new RequestBudget({ ...rule, max: 1 });
  for (const key of ['a', 'b', 'c']) budget.take(key, 0);
  expect(budget.waitMs('a', 1)).toBe(999);
  budget.take('d', 1);
  expect([budget.waitMs('a', 1), budget.waitMs('b', 1), budget.waitMs('d', 1)]).toEqual([0, 999, 1_000]);
});

it('forgets keys whose window has ended before it forgets others', () => {
  const budget = new RequestBudget({ ...rule, max: 1 });
  budget.take('old', 0);
  budget.take('a', 600);
  budget.take('b', 700);
  budget.take('c', 1_100);
  expect([budget.waitMs('a', 1_100), budget.waitMs('b', 1_100), budget.waitMs('c', 1_100)]).toEqual([500, 600, 1_000]);
});
