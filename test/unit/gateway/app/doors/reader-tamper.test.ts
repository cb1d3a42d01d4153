import { describe, expect, it } from 'vitest';
import type { ReaderId } from '#gateway/domain/site/ids.ts';
import { createDoorBench } from '#test/support/bench/door-bench.ts';
import { permitAnswer } from '#test/support/policy/stub-policy.ts';

const READER = 'main-in' as ReaderId;

async function tamperBench() {
  const bench = await createDoorBench(() => permitAnswer('door.granted'));
  bench.online(READER);
  return {
    ...bench,
    switched: (tampered: boolean, readerId = READER) =>
      bench.readers.emit({ kind: 'local_status', readerId, tampered, powerFailed: false, occurredAtMs: bench.clock.nowMs() }),
    /** What the policy was told with the next badge. */
    told: async () => {
      await bench.badge(READER);
      return (await bench.records('decision')).at(-1)?.input?.context.pep;
    },
  };
}

describe('the tamper switch of a reader in a decision', () => {
  it('is clear when the reader has said so', async () => {
    const bench = await tamperBench();
    expect(await bench.told()).toEqual({ id: READER, mode: 'online', secure: true, tamper: 'clear' });
  });

  it('is told from the moment at which the reader reports it, until it reports that it is over', async () => {
    const bench = await tamperBench();
    bench.switched(true);
    expect(await bench.told()).toMatchObject({ tamper: 'tampered' });
    bench.switched(false);
    expect(await bench.told()).toMatchObject({ tamper: 'clear' });
  });

  it('is that of the reader at which the badge was read, not of the door’s other one', async () => {
    const bench = await tamperBench();
    bench.switched(true, 'servers-door-out' as ReaderId);
    expect(await bench.told()).toMatchObject({ tamper: 'clear' });
  });

  it('is unknown after the reader was away, until it is asked again: what it said before is no news', async () => {
    const bench = await tamperBench();
    const occurredAtMs = bench.clock.nowMs();
    const identity = { vendor: '000000', model: 1, version: 1, serial: '00', firmware: '1.0.0' };
    bench.readers.emit({ kind: 'offline', readerId: READER, cause: 'timeout', occurredAtMs });
    bench.readers.emit({ kind: 'online', readerId: READER, secure: true, identity, occurredAtMs });
    expect(await bench.told()).toMatchObject({ tamper: 'unknown' });
    bench.switched(false);
    expect(await bench.told()).toMatchObject({ tamper: 'clear' });
  });
});
