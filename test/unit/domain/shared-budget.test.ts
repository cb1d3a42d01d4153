import { expect, it } from 'vitest';
import { SharedBudget } from '#gateway/domain/shared-budget.ts';

const RULE = { max: 4, reserve: 2, share: 1, windowMs: 1_000, keysMax: 100 };

it('lets one that comes first take what there is for that, and its share of the reserve', () => {
  const budget = new SharedBudget(RULE);
  for (let index = 0; index < RULE.max + RULE.share; index += 1) expect(budget.take('greedy', 0)).toBe(0);
  expect(budget.take('greedy', 400)).toBe(600);
  expect(budget.take('greedy', 1_000)).toBe(0);
});

it('keeps a reserve of which each has a share, whatever they had before, up to its own end', () => {
  const budget = new SharedBudget(RULE);
  budget.take('modest', 0);
  for (let index = 1; index < RULE.max; index += 1) budget.take('greedy', 0);
  expect(budget.take('modest', 0)).toBe(0);
  expect(budget.take('modest', 0)).toBeGreaterThan(0);
  expect(budget.take('another', 0)).toBe(0);
  expect(budget.take('one too many', 0)).toBeGreaterThan(0);
});
