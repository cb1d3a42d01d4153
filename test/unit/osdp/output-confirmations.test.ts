import { describe, expect, it } from 'vitest';
import { CONFIRM_AFTER_MS, OutputConfirmations } from '#adapters/osdp/output-confirmations.ts';
import type { ReaderId } from '#gateway/domain/site/ids.ts';
import { FakeBusClock } from './bus/fake-bus-clock.ts';

const DOOR = 'reader_1' as ReaderId;
const OTHER = 'reader_2' as ReaderId;

function confirmations() {
  const clock = new FakeBusClock();
  const asked: { readonly readerId: ReaderId; readonly atMs: number }[] = [];
  const outputs = new OutputConfirmations(
    (readerId) => asked.push({ readerId, atMs: clock.nowMs() }),
    (delayMs, run) => clock.schedule(delayMs, run),
  );
  return { clock, asked, outputs };
}

describe('the end of a pulse', () => {
  it('is asked for when it should be over', async () => {
    const { clock, asked, outputs } = confirmations();
    outputs.schedule(DOOR, 0, 100);
    await clock.advance(1_000);
    expect(asked).toEqual([{ readerId: DOOR, atMs: 100 + CONFIRM_AFTER_MS }]);
  });

  it('is asked for once when a later pulse of the same output replaces the first', async () => {
    const { clock, asked, outputs } = confirmations();
    outputs.schedule(DOOR, 0, 100);
    await clock.advance(200);
    outputs.schedule(DOOR, 0, 100);
    await clock.advance(1_000);
    expect(asked).toEqual([{ readerId: DOOR, atMs: 300 + CONFIRM_AFTER_MS }]);
  });

  it('is not asked for when the reader has reported it from beginning to end', async () => {
    const { clock, asked, outputs } = confirmations();
    outputs.schedule(DOOR, 1, 100);
    outputs.reported(DOOR, [false, true]);
    outputs.reported(DOOR, [false, false]);
    await clock.advance(1_000);
    expect(asked).toEqual([]);
  });

  it('is asked for when the reader only said off, or on, or nothing of that output, or was another', async () => {
    const { clock, asked, outputs } = confirmations();
    outputs.schedule(DOOR, 0, 100);
    outputs.schedule(DOOR, 1, 200);
    outputs.schedule(DOOR, 2, 300);
    outputs.reported(DOOR, [false, true]);
    outputs.reported(OTHER, [true, false, true]);
    outputs.reported(OTHER, [false, false, false]);
    await clock.advance(1_000);
    expect(asked).toHaveLength(3);
  });

  it('is not asked for any more when all are given up', async () => {
    const { clock, asked, outputs } = confirmations();
    outputs.schedule(DOOR, 0, 100);
    outputs.cancelAll();
    await clock.advance(1_000);
    expect(asked).toEqual([]);
  });
});
