import { describe, expect, it } from 'vitest';
import { createSignInWatch, STRANGERS_MAX, TRACE_EVENTS_MAX } from '#gateway/app/apps/sign-in-watch.ts';

const NOTE = { kind: 'begun', unknownScopes: [] } as const;
function createWatch(clientsMax?: number) {
  let nowMs = 0;
  const clock = { nowMs: () => (nowMs += 1), monotonicUs: () => 0 };
  return createSignInWatch(clock, clientsMax === undefined ? undefined : { clientsMax });
}

describe('the watch over sign-ins', () => {
  it('keeps the newest of a client, and no more than it may', () => {
    const watch = createWatch();
    for (let count = 0; count < TRACE_EVENTS_MAX; count += 1) watch.note('a', NOTE);
    expect(
      watch
        .traceOf('a')
        .events.map(({ atMs }) => atMs)
        .slice(0, 2),
    ).toEqual([1, 2]);
    watch.note('a', NOTE);
    expect(watch.traceOf('a').events).toHaveLength(TRACE_EVENTS_MAX);
    expect(watch.traceOf('a').events[0]?.atMs).toBe(2);
  });

  it('keeps who signed in, however often a proxy asks about nobody, and when it last did', () => {
    const watch = createWatch();
    watch.note('a', { kind: 'tokens_given', personId: 'ann' });
    for (let count = 0; count < TRACE_EVENTS_MAX; count += 1) watch.note('a', { kind: 'asked' });
    expect(watch.traceOf('a').events).toEqual([
      { kind: 'tokens_given', personId: 'ann', atMs: 1 },
      { kind: 'asked', atMs: 1 + TRACE_EVENTS_MAX },
    ]);
  });

  it('keeps as many clients as it may: the one seen longest ago gives way', () => {
    const watch = createWatch(2);
    watch.note('a', NOTE);
    watch.note('b', NOTE);
    watch.note('a', NOTE);
    watch.note('c', NOTE);
    expect(['a', 'b', 'c'].map((id) => watch.traceOf(id).events.length)).toEqual([2, 0, 1]);
  });

  it('keeps the newest strangers, whoever they are', () => {
    const watch = createWatch();
    for (let count = 0; count <= STRANGERS_MAX; count += 1) {
      watch.noteStranger({ kind: 'problem', problem: { code: 'unknown_client', presented: String(count) } });
    }
    expect(watch.traceOf('a').strangers).toHaveLength(STRANGERS_MAX);
    expect(watch.traceOf('a').strangers.at(-1)).toMatchObject({ problem: { presented: String(STRANGERS_MAX) } });
  });

  it('tells who listens to a client of its events, of strangers and of discovery, until they leave', () => {
    const watch = createWatch();
    let told = 0;
    const leave = watch.subscribe('a', () => (told += 1));
    watch.note('b', NOTE);
    expect(told).toBe(0);
    watch.note('a', NOTE);
    watch.noteStranger(NOTE);
    watch.noteDiscovery();
    watch.forget('a');
    expect(told).toBe(4);
    leave();
    watch.note('a', NOTE);
    expect(told).toBe(4);
    expect(watch.traceOf('a').discoveredAtMs).not.toBeNull();
  });
});
