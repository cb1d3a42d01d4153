import { afterEach, describe, expect, it } from 'vitest';
import { commandsFor } from '#adapters/osdp/indication.ts';
import { percentile } from '#test/support/bench/bench-report.ts';
import { ALL_ANSWERS, type Answers, showBadges } from './badge-traffic.ts';
import { BusRig, readerId } from './bus-rig.ts';

const rigs: BusRig[] = [];
const CARDS = 200;
/** A line at 9600 baud carries 30 exchanges a second: a relay, a light and a buzzer for four cards a second are more than it has. */
const SLOW_LINE_PAUSE_MS = 1_500;
const TURNAROUND_MS = 0.1;
const indices = (count: number): readonly number[] => Array.from({ length: count }, (_, index) => index);
const NOBODY_ANSWERS: Answers = { ...ALL_ANSWERS, isSilent: true };
const lights = commandsFor('denied').filter(({ name }) => name === 'LED');

async function onlineRig(baud: number, readers: number): Promise<BusRig> {
  const rig = new BusRig(
    Array.from({ length: readers }, () => ({})),
    { baud, turnaroundMs: TURNAROUND_MS },
  );
  rigs.push(rig);
  await rig.start(baud === 9_600 ? 40_000 : 3_000);
  expect(rig.of('online')).toHaveLength(readers);
  return rig;
}

afterEach(async () => {
  for (const rig of rigs.splice(0)) await rig.stop();
});

/*
 * The proof of the schedule that does not depend on the machine: the line takes its wire time, the reader a tenth of a millisecond, the controller
 * none. The bars are those of the design (a poll and its answer 2.84 ms at 115200; here they are 2.88).
 */
describe('a card at any reader, in the time of the line', () => {
  it.each([
    { baud: 115_200, readers: 1, barMs: 9 },
    { baud: 115_200, readers: 8, barMs: 32 },
    { baud: 115_200, readers: 32, barMs: 100 },
    { baud: 9_600, readers: 1, barMs: 78 },
    { baud: 9_600, readers: 8, barMs: 371 },
    { baud: 9_600, readers: 32, barMs: 1_105 },
  ])(
    'is read within $barMs ms at $baud baud with $readers readers, although each card moves a relay, a light and a buzzer',
    async (row) => {
      const rig = await onlineRig(row.baud, row.readers);
      const pause = row.baud === 9_600 ? { pauseMs: SLOW_LINE_PAUSE_MS } : {};
      const times = await showBadges(rig, indices(row.readers), CARDS, { ...ALL_ANSWERS, ...pause });
      expect(times.cardMs).toHaveLength(CARDS);
      expect(percentile(times.cardMs, 0.99)).toBeLessThanOrEqual(row.barMs);
      // In the next slot: what is on the wire is over when the card is read.
      expect(Math.max(...times.unlockMs)).toBeLessThanOrEqual(row.baud === 9_600 ? 36 : 4);
    },
  );

  it('waits no longer for the relays, lights and buzzers of others than a twentieth of a round', async () => {
    const answered = await showBadges(await onlineRig(115_200, 32), indices(32), CARDS);
    const unanswered = await showBadges(await onlineRig(115_200, 32), indices(32), CARDS, NOBODY_ANSWERS);
    expect(percentile(answered.cardMs, 0.99)).toBeLessThanOrEqual(1.05 * percentile(unanswered.cardMs, 0.99));
  });
});

describe('a light', () => {
  it('does not wait for the round, and all lights of a line are set before their commands are too old', async () => {
    const rig = await onlineRig(115_200, 32);
    const colours = (): number => rig.pds.filter(({ colour }) => colour !== 0).length;
    const set = (address: number): void => {
      for (const light of lights) void rig.bus.send(readerId(address), light, 'normal');
    };
    const before = colours();
    set(3);
    await rig.clock.advance(12);
    expect(colours() - before).toBe(1);
    for (const address of indices(32)) for (let count = 0; count < 3; count += 1) set(address);
    await rig.clock.advance(1_000);
    expect(colours()).toBe(32);
    expect(rig.pds.every(({ pendingEvents }) => pendingEvents === 0)).toBe(true);
  });
});
