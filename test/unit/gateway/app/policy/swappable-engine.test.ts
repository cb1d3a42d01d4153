import { setImmediate as nextTurn } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { createSwappableEngine, SHADOW_QUEUE_MAX } from '#gateway/app/policy/swappable-engine.ts';
import type { PolicyData } from '#gateway/domain/access/policy-data.ts';
import { denyAnswer, permitAnswer, stubPolicy } from '#test/support/policy/stub-policy.ts';

const input = new TextEncoder().encode('{}');
const data: PolicyData = { gatehouse: { profiles: {}, grants: {}, schedules: {}, operator_roles: {} } };

async function settle(): Promise<void> {
  for (let turn = 0; turn < SHADOW_QUEUE_MAX; turn += 1) await nextTurn();
}

it('asks the new engine from the next evaluation on', () => {
  const engine = createSwappableEngine(stubPolicy(() => 'old'));
  expect(engine.evaluate(input)).toBe('old');
  engine.swap({ ...stubPolicy(() => 'new'), revision: 'next' });
  expect([engine.evaluate(input), engine.revision]).toEqual(['new', 'next']);
});

it('keeps an engine that stands by up to date, until it is swapped in', () => {
  const told: string[] = [];
  const named = (name: string) => ({ ...stubPolicy(() => name), setData: () => void told.push(name) });
  const engine = createSwappableEngine(named('old'));
  const next = named('next');
  engine.standBy(next);
  engine.setData(data);
  engine.swap(next);
  engine.setData(data);
  expect(told).toEqual(['old', 'next', 'next']);
});

it('asks a candidate after the answer was given, and counts what it would have answered otherwise', async () => {
  const engine = createSwappableEngine(stubPolicy(() => permitAnswer('door.granted')));
  const differing: unknown[] = [];
  let asked = 0;
  const candidate = stubPolicy(() => {
    asked += 1;
    if (asked === 3) throw new TypeError('broken');
    return asked === 1 ? permitAnswer('door.granted') : denyAnswer('grant.missing');
  });
  engine.shadow({ engine: candidate, onDifference: ({ candidate: answer }) => differing.push(answer) });
  for (let index = 0; index < 3; index += 1) engine.evaluate(input);
  expect(asked).toBe(0);
  await settle();
  expect(engine.shadowCounts()).toEqual({ compared: 3, differences: 2, failures: 1, dropped: 0 });
  expect(differing).toEqual([denyAnswer('grant.missing'), undefined]);
});

it('lets as many evaluations wait as may, and leaves out one more', async () => {
  const engine = createSwappableEngine(stubPolicy(() => 1));
  engine.shadow({ engine: stubPolicy(() => 1), onDifference: () => undefined });
  for (let index = 0; index <= SHADOW_QUEUE_MAX; index += 1) engine.evaluate(input);
  await settle();
  expect(engine.shadowCounts()).toMatchObject({ compared: SHADOW_QUEUE_MAX, dropped: 1 });
  engine.shadow(null);
  engine.evaluate(input);
  await settle();
  expect(engine.shadowCounts().compared).toBe(SHADOW_QUEUE_MAX);
});
