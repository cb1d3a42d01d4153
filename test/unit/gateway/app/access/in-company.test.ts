import { setImmediate as nextTurn } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { inCompany } from '#gateway/app/access/in-company.ts';

it('lets all who ask in a turn begin one right after the other, and whoever asks then in the next turn', async () => {
  const begun: string[] = [];
  const ask = async (name: string, then?: () => void) => {
    await inCompany();
    begun.push(name);
    then?.();
  };
  const asked = [ask('first', () => asked.push(ask('late'))), ask('second')];
  queueMicrotask(() => asked.push(ask('third')));
  await Promise.resolve();
  expect(begun).toEqual([]);
  await nextTurn();
  expect(begun).toEqual(['first', 'second', 'third']);
  await nextTurn();
  expect(begun).toEqual(['first', 'second', 'third', 'late']);
});
