import autocannon from 'autocannon';
import { performance } from 'node:perf_hooks';
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { doorsSchema } from '#gateway/http/contract/admin.ts';
import { startBenchGateway, type BenchGateway } from '#test/support/bench/bench-gateway.ts';
import { percentile, report, round } from '#test/support/bench/bench-report.ts';
import { until } from '#test/support/running-gateway.ts';

/*
 * From the badge at a simulated reader to the moment its relay moves (osdp_OUT carried out), over TCP with secure channel, through
 * policy and durable log: 8 readers, first with a quiet web, then with the HTTP side under full load from a process of its own.
 */
const READERS = 8;
const POLL_SLOT_MS = 25;
const RELEASE_MS = 500;
const BADGES = 400;
/** A reader is used again only after its relay has fallen back. */
const REUSE_AFTER_MS = RELEASE_MS + 200;
const ANSWER_TIMEOUT_MS = 5_000;
const CONNECTIONS = 64;
const WARM_UP = 24;

if (process.argv.includes('--load')) await load();
else await measure();

/** The load generator, in a process of its own: never faster than the gateway answers, never slower. */
async function load(): Promise<void> {
  const [url = ''] = process.argv.slice(-1);
  const result = await new Promise<autocannon.Result>((resolve, reject) => {
    const instance = autocannon(
      {
        url,
        connections: CONNECTIONS,
        duration: 600,
        requests: [
          { path: '/api/session' },
          { path: '/oidc/.well-known/openid-configuration' },
          { path: '/oidc/jwks' },
          { path: '/console' },
        ],
      },
      (failure: Error | null, finished) => (failure === null ? resolve(finished) : reject(failure)),
    );
    process.once('message', () => void instance.stop());
  });
  process.send?.({ requestsPerS: result.requests.average, non2xx: result.non2xx, errors: result.errors });
  process.disconnect();
}

async function measure(): Promise<void> {
  const bench = await startBenchGateway({ doors: READERS, pollIntervalMs: POLL_SLOT_MS, releaseMs: RELEASE_MS });
  try {
    await until('every reader is online', 20_000, async () => {
      const { doors } = await bench.gateway.api.get('/api/doors', doorsSchema);
      return doors.every(({ readers }) => readers.every(({ online }) => online)) ? true : null;
    });
    await badges(bench, WARM_UP);
    const quiet = await badges(bench, BADGES);
    const generator = fork(new URL(import.meta.url), ['--load', bench.gateway.url], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
    await badges(bench, WARM_UP);
    const saturated = await badges(bench, BADGES);
    const web = await stopLoad(generator);
    report({
      readers: READERS,
      poll_slot_ms: POLL_SLOT_MS,
      badges: BADGES,
      quiet: summary(quiet),
      saturated: { ...summary(saturated), web_requests_per_s: Math.round(web.requestsPerS) },
    });
  } finally {
    await bench.close();
  }
}

/** Badges one after the other at the reader that has rested longest, at moments that do not keep step with the polling. */
async function badges({ readers, card }: BenchGateway, count: number): Promise<number[]> {
  const samplesMs: number[] = [];
  const usedAtMs = readers.map(() => performance.now());
  for (let index = 0; index < count; index += 1) {
    const which = index % readers.length;
    const reader = readers[which];
    if (reader === undefined) throw new Error('no reader');
    const restMs = REUSE_AFTER_MS - (performance.now() - (usedAtMs[which] ?? 0));
    await pause(Math.max(0, restMs) + Math.random() * POLL_SLOT_MS);
    samplesMs.push(await badgeOnce(reader, card));
    usedAtMs[which] = performance.now();
  }
  return samplesMs;
}

function badgeOnce(reader: BenchGateway['readers'][number], card: BenchGateway['card']): Promise<number> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error('a badge was not answered')), ANSWER_TIMEOUT_MS);
    const presentedMs = performance.now();
    const stop = reader.onOutput(({ active, atMs }) => {
      if (!active) return;
      clearTimeout(timer);
      stop();
      resolve(atMs - presentedMs);
    });
    reader.presentCard(card.bits, card.bitCount);
  });
}

async function stopLoad(generator: ChildProcess): Promise<{ requestsPerS: number }> {
  generator.send('stop');
  const [result] = (await once(generator, 'message')) as [{ requestsPerS: number; non2xx: number; errors: number }];
  if (result.errors > 0 || result.requestsPerS < 100) throw new Error(`the web was not under load: ${JSON.stringify(result)}`);
  return result;
}

function summary(samplesMs: readonly number[]) {
  return {
    p50_ms: round(percentile(samplesMs, 0.5)),
    p95_ms: round(percentile(samplesMs, 0.95)),
    p99_ms: round(percentile(samplesMs, 0.99)),
  };
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
