import { option, table } from '#test/support/readers/osdp-bench-options.ts';
import { percentile, round } from '#test/support/bench/bench-report.ts';
import { ALL_ANSWERS, CARD_PAUSE_MS, showBadges } from '#test/unit/osdp/bus/badge-traffic.ts';
import { BusRig, readerId } from '#test/unit/osdp/bus/bus-rig.ts';

/*
 * The bus on a line in simulated time: wire time and the readers' turnaround are counted, the controller's own time is none. What the schedule makes a
 * card wait, whatever the machine does. Each card moves a relay, a light and a buzzer. `--cards N` each row.
 */
const TURNAROUND_MS = 0.1;
const SLOW_LINE_PAUSE_MS = 1_500;
const REBOOTS = 64;
const [DEAD, BABBLING, SLOW] = [29, 30, 31];
const cards = Number(option('cards') ?? 1_000);
const indices = (count: number): readonly number[] => Array.from({ length: count }, (_, index) => index);

async function onlineRig(baud: number, readers: number): Promise<BusRig> {
  const rig = new BusRig(
    indices(readers).map(() => ({})),
    { baud, turnaroundMs: TURNAROUND_MS },
  );
  await rig.start(baud === 9_600 ? 40_000 : 3_000);
  return rig;
}

async function cardRow(baud: number, readers: number, isAnswered: boolean) {
  const rig = await onlineRig(baud, readers);
  const before = rig.bus.counters.exchanges;
  await rig.clock.advance(2_000);
  const pollsPerS = (rig.bus.counters.exchanges - before) / 2;
  const pauseMs = baud === 9_600 ? SLOW_LINE_PAUSE_MS : CARD_PAUSE_MS;
  const { cardMs, unlockMs } = await showBadges(rig, indices(readers), cards, { ...ALL_ANSWERS, isSilent: !isAnswered, pauseMs });
  await rig.stop();
  const at = (samples: readonly number[], share: number): number | null =>
    samples.length === 0 ? null : round(percentile(samples, share), 2);
  return {
    baud,
    readers,
    answers: isAnswered ? 'relay+light+buzzer' : 'none',
    polls_per_s: pollsPerS,
    cards: cardMs.length,
    card_p50_ms: at(cardMs, 0.5),
    card_p99_ms: at(cardMs, 0.99),
    card_max_ms: at(cardMs, 1),
    unlock_p99_ms: at(unlockMs, 0.99),
  };
}

/** 29 healthy readers of 32, badge -> relay moved. */
async function hostileRow(hostile: readonly ('dead' | 'babbling' | 'slow')[]) {
  const rig = await onlineRig(115_200, 32);
  const device = (index: number) => ({
    address: index,
    handle: (frame: Parameters<(typeof rig.pds)[0]['handle']>[0]) => rig.pds[index]?.handle(frame) ?? null,
  });
  if (hostile.includes('dead')) rig.pds[DEAD]?.goSilent(true);
  if (hostile.includes('babbling'))
    rig.link.model.setReader(BABBLING, { device: device(BABBLING), babble: { everyMs: 200, lengthBytes: 20 } });
  if (hostile.includes('slow')) rig.link.model.setReader(SLOW, { device: device(SLOW), turnaroundMs: 80 });
  await rig.clock.advance(5_000);
  const polls = await rig.pollsDuring(0, 5_000);
  const { badgeToRelayMs } = await showBadges(rig, indices(DEAD), cards);
  const lost = new Set(rig.of('offline').map(({ readerId: id }) => id));
  for (const index of [DEAD, BABBLING, SLOW]) lost.delete(readerId(index));
  await rig.stop();
  return {
    hostile: hostile.join('+') || 'none',
    polls_per_s_each: polls / 5,
    opened: badgeToRelayMs.length,
    healthy_p50_ms: round(percentile(badgeToRelayMs, 0.5)),
    healthy_p99_ms: round(percentile(badgeToRelayMs, 0.99)),
    healthy_max_ms: round(percentile(badgeToRelayMs, 1)),
    healthy_lost: lost.size,
  };
}

/** From the power cut to being on line in a secure channel again. */
async function rebootRow(readers: number) {
  const rig = await onlineRig(115_200, readers);
  await rig.clock.advance(11_000);
  const tookMs: number[] = [];
  for (let count = 0; count < REBOOTS; count += 1) {
    const address = count % readers;
    await rig.clock.advance(11_000 + 7.3 * count);
    const fromMs = rig.clock.nowMs();
    rig.pds[address]?.reboot();
    const known = rig.of('online', address).length;
    await rig.clock.advance(1_000);
    tookMs.push((rig.of('online', address)[known]?.atMs ?? Number.NaN) - fromMs);
  }
  await rig.stop();
  return {
    readers,
    reboots: tookMs.length,
    reboot_to_secure_p50_ms: round(percentile(tookMs, 0.5)),
    reboot_to_secure_max_ms: round(Math.max(...tookMs)),
  };
}

const rows = [];
for (const baud of [9_600, 115_200])
  for (const readers of [1, 8, 32]) for (const isAnswered of [false, true]) rows.push(await cardRow(baud, readers, isAnswered));
const hostile = [];
for (const kinds of [[], ['dead'], ['babbling'], ['slow'], ['dead', 'babbling', 'slow']] as const) hostile.push(await hostileRow(kinds));
const reboots = [];
for (const readers of [1, 8, 32]) reboots.push(await rebootRow(readers));

if (process.argv.includes('--json')) console.log(JSON.stringify({ turnaround_ms: TURNAROUND_MS, rows, hostile, reboots }));
else console.log(`${table(rows)}\n\n${table(hostile)}\n\n${table(reboots)}`);
