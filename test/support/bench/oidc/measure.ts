import { amount, percentile, round } from '#test/support/bench/bench-report.ts';
import { cpuBetween, threadCpuUs } from '#test/support/bench/thread-cpu.ts';
import type { AppConnection } from './flows.ts';
import { RawConnection } from './raw-connection.ts';
import type { BenchServer, BenchServers } from './servers.ts';

export const CONNECTIONS = 16;
/** Slices of either server, in turns: what else the machine does meets both. */
const ROUNDS = amount(9);
const SLICE_MS = amount(2_000);
const WARM_UP_MS = amount(3_000);

/** One step of a worker on its own connection, again and again; what it keeps between steps is its own business. */
export type Step = () => Promise<void>;
export type MakeStep = (from: AppConnection) => Promise<Step>;

interface Side {
  readonly server: BenchServer;
  readonly connections: readonly RawConnection[];
  readonly steps: readonly Step[];
  readonly samplesMs: number[];
  readonly slicesPerS: number[];
  tookMs: number;
  mainUs: number;
  othersUs: number;
}

async function openSide(server: BenchServer, makeStep: MakeStep, count: number): Promise<Side> {
  const connections = await Promise.all(Array.from({ length: count }, () => RawConnection.open(server.url)));
  const steps = await Promise.all(connections.map((connection, app) => makeStep({ connection, app })));
  return { server, connections, steps, samplesMs: [], slicesPerS: [], tookMs: 0, mainUs: 0, othersUs: 0 };
}

async function runFor(steps: readonly Step[], durationMs: number, samplesMs: number[]): Promise<number> {
  const startedMs = performance.now();
  const untilMs = startedMs + durationMs;
  const work = async (step: Step): Promise<void> => {
    for (let nowMs = performance.now(); nowMs < untilMs;) {
      await step();
      const doneMs = performance.now();
      samplesMs.push(doneMs - nowMs);
      nowMs = doneMs;
    }
  };
  await Promise.all(steps.map(work));
  return performance.now() - startedMs;
}

async function runSlice(side: Side, sliceMs: number): Promise<void> {
  const before = threadCpuUs(side.server.pid);
  const countBefore = side.samplesMs.length;
  const tookMs = await runFor(side.steps, sliceMs, side.samplesMs);
  const { mainUs, othersUs } = cpuBetween(side.server.pid, before, threadCpuUs(side.server.pid));
  side.slicesPerS.push(((side.samplesMs.length - countBefore) / tookMs) * 1_000);
  side.tookMs += tookMs;
  side.mainUs += mainUs;
  side.othersUs += othersUs;
}

export interface Compared {
  readonly per_s: number;
  readonly p50_ms: number;
  readonly p99_ms: number;
  /** CPU time of the server for one of them, all its threads. */
  readonly cpu_ms: number;
  readonly main_thread_cpu_ms: number;
  readonly bare_per_s: number;
  readonly bare_p50_ms: number;
  readonly bare_p99_ms: number;
  readonly bare_cpu_ms: number;
  /** `per_s` of `bare_per_s`: the median over the rounds, in each of which one ran right after the other. */
  readonly ratio: number;
  /** CPU time of the bare library's main thread, of that of the gateway's: the same without the machine's other load. */
  readonly cpu_ratio: number;
  /** The gateway without deciding and recording, and what is left of that with them. */
  readonly undecided_per_s: number;
  readonly undecided_cpu_ms: number;
  /** Of all its threads. */
  readonly undecided_all_cpu_ms: number;
  readonly decided_ratio: number;
  readonly decided_cpu_ratio: number;
}

/** The same steps against all, in turns. */
export async function compare(
  servers: BenchServers,
  makeStep: MakeStep,
  connections: number = CONNECTIONS,
  sliceMs: number = SLICE_MS,
): Promise<Compared> {
  const gateway = await openSide(servers.gateway, makeStep, connections);
  const undecided = await openSide(servers.undecided, makeStep, connections);
  const bare = await openSide(servers.bare, makeStep, connections);
  const sides = [gateway, undecided, bare];
  for (const side of sides) await runFor(side.steps, WARM_UP_MS, []);
  for (let round = 0; round < ROUNDS; round += 1) {
    // Each goes first as often as the others.
    for (const [turn] of sides.entries()) await runSlice(sides[(round + turn) % sides.length] ?? gateway, sliceMs);
  }
  for (const connection of sides.flatMap((side) => side.connections)) connection.close();
  return compared(gateway, undecided, bare);
}

const perS = ({ samplesMs, tookMs }: Side): number => (samplesMs.length / tookMs) * 1_000;
const eachMs = (us: number, { samplesMs }: Side): number => us / 1_000 / samplesMs.length;
const mainMs = (side: Side): number => eachMs(side.mainUs, side);
const allMs = (side: Side): number => eachMs(side.mainUs + side.othersUs, side);

function ratioOf(one: Side, other: Side): number {
  return round(
    percentile(
      one.slicesPerS.map((slice, index) => slice / (other.slicesPerS[index] ?? Number.NaN)),
      0.5,
    ),
    2,
  );
}

function compared(gateway: Side, undecided: Side, bare: Side): Compared {
  return {
    per_s: round(perS(gateway)),
    p50_ms: round(percentile(gateway.samplesMs, 0.5), 2),
    p99_ms: round(percentile(gateway.samplesMs, 0.99), 2),
    cpu_ms: round(allMs(gateway), 3),
    main_thread_cpu_ms: round(mainMs(gateway), 3),
    bare_per_s: round(perS(bare)),
    bare_p50_ms: round(percentile(bare.samplesMs, 0.5), 2),
    bare_p99_ms: round(percentile(bare.samplesMs, 0.99), 2),
    bare_cpu_ms: round(allMs(bare), 3),
    ratio: ratioOf(gateway, bare),
    cpu_ratio: round(mainMs(bare) / mainMs(gateway), 2),
    undecided_per_s: round(perS(undecided)),
    undecided_cpu_ms: round(mainMs(undecided), 3),
    undecided_all_cpu_ms: round(allMs(undecided), 3),
    decided_ratio: ratioOf(gateway, undecided),
    decided_cpu_ratio: round(mainMs(undecided) / mainMs(gateway), 2),
  };
}

const OPEN_LOOP_S = amount(10);
/** Connections of an open loop: as many requests may be under way; one that finds none free is counted as late, never left out. */
const OPEN_LOOP_CONNECTIONS = 64;

export interface OpenLoop {
  readonly rate_per_s: number;
  readonly p50_ms: number;
  readonly p99_ms: number;
}

/** One step after the other is due at its own time, whether or not those before have been answered; each is timed from when it was due. */
export async function openLoop(server: BenchServer, ratePerS: number, makeStep: MakeStep): Promise<OpenLoop> {
  const connections = await Promise.all(Array.from({ length: OPEN_LOOP_CONNECTIONS }, () => RawConnection.open(server.url)));
  const free = await Promise.all(connections.map((connection, index) => makeStep({ connection, app: index % CONNECTIONS })));
  const waiting: ((step: Step) => void)[] = [];
  const take = (): Promise<Step> => {
    const step = free.shift();
    return step === undefined ? new Promise((resolve) => waiting.push(resolve)) : Promise.resolve(step);
  };
  const giveBack = (step: Step): void => {
    const next = waiting.shift();
    if (next === undefined) free.push(step);
    else next(step);
  };
  const samplesMs: number[] = [];
  const runOne = async (dueMs: number): Promise<void> => {
    const step = await take();
    await step();
    samplesMs.push(performance.now() - dueMs);
    giveBack(step);
  };
  const startedMs = performance.now();
  const running: Promise<void>[] = [];
  for (let index = 0; index < ratePerS * OPEN_LOOP_S; index += 1) {
    const dueMs = startedMs + (index * 1_000) / ratePerS;
    const waitMs = dueMs - performance.now();
    if (waitMs > 0) await new Promise((resolve) => setTimeout(resolve, waitMs));
    running.push(runOne(dueMs));
  }
  await Promise.all(running);
  for (const connection of connections) connection.close();
  return { rate_per_s: ratePerS, p50_ms: round(percentile(samplesMs, 0.5), 2), p99_ms: round(percentile(samplesMs, 0.99), 2) };
}
