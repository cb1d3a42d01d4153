import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import autocannon from 'autocannon';
import { readPolicySources } from '#adapters/rego-toolchain/policy-sources.ts';
import { percentile, round } from '../bench/bench-report.ts';
import { knownOpaProgram } from './opa-program.ts';
import { freePort } from '../running-gateway.ts';

const CONNECTIONS = 16;
const STARTS_WITHIN_MS = 60_000;
const PATH = '/v1/data/gatehouse/access/decision';

export interface OpaServerFigures {
  readonly per_s: number;
  readonly p50_ms: number;
  readonly p99_ms: number;
  readonly connections: number;
}

interface Questions {
  /** What the policy reads below `data`. */
  readonly data: unknown;
  readonly inputs: readonly unknown[];
  /** What the first inputs are answered: a benchmark of denies, or of errors, would be another one. */
  readonly allows: readonly boolean[];
  readonly seconds: number;
}

/**
 * OPA's own server with the sources and data that the gateway decides by, asked the same questions over its REST API; null where there is
 * no `opa`. It keeps no log of its decisions, and looks at no schema of its input.
 */
export async function measureOpaServer({ data, inputs, allows, seconds }: Questions): Promise<OpaServerFigures | null> {
  const program = knownOpaProgram();
  if (program === null) return null;
  const folder = mkdtempSync(join(tmpdir(), 'gatehouse-opa-'));
  for (const { path, text } of await readPolicySources()) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  writeFileSync(join(folder, 'data.json'), JSON.stringify(data));
  const address = `127.0.0.1:${String(await freePort())}`;
  const server = spawn(program, ['run', '--server', '--skip-version-check', '--log-level=error', `--addr=${address}`, folder], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  try {
    const url = `http://${address}`;
    await untilReady(server, url);
    for (const [index, allow] of allows.entries()) await assertAnswer(url, inputs[index], allow);
    return await load(url, inputs, seconds);
  } finally {
    if (server.exitCode === null) {
      server.kill();
      await once(server, 'exit');
    }
    rmSync(folder, { recursive: true, force: true });
  }
}

async function untilReady(server: ChildProcess, url: string): Promise<void> {
  const untilMs = performance.now() + STARTS_WITHIN_MS;
  for (;;) {
    if (server.exitCode !== null || performance.now() > untilMs) throw new Error('the opa server does not start');
    const healthy = await fetch(`${url}/health`).then(
      ({ ok }) => ok,
      () => false, // Nobody listens yet.
    );
    if (healthy) return;
    await sleep(50);
  }
}

async function assertAnswer(url: string, input: unknown, allow: boolean): Promise<void> {
  const response = await fetch(`${url}${PATH}`, { method: 'POST', body: JSON.stringify({ input }) });
  const { result } = (await response.json()) as { readonly result?: { readonly allow?: boolean } };
  if (result?.allow !== allow) throw new Error(`the opa server decides ${JSON.stringify(result)} instead of ${String(allow)}`);
}

function load(url: string, inputs: readonly unknown[], seconds: number): Promise<OpaServerFigures> {
  const samplesMs: number[] = [];
  const headers = { 'content-type': 'application/json' };
  const requests = inputs.map((input) => ({ method: 'POST' as const, path: PATH, headers, body: JSON.stringify({ input }) }));
  return new Promise((resolve, reject) => {
    const instance = autocannon({ url, connections: CONNECTIONS, duration: seconds, requests }, (error, result) => {
      if (error !== null && error !== undefined) return reject(error instanceof Error ? error : new Error(String(error)));
      if (result.errors > 0 || result.non2xx > 0) return reject(new Error(`${String(result.errors + result.non2xx)} requests failed`));
      return resolve({
        per_s: Math.round(samplesMs.length / result.duration),
        p50_ms: round(percentile(samplesMs, 0.5), 2),
        p99_ms: round(percentile(samplesMs, 0.99), 2),
        connections: CONNECTIONS,
      });
    });
    instance.on('response', (_client, _status, _bytes, tookMs) => samplesMs.push(tookMs));
  });
}

/** How many times as many per second; null without a measurement. */
export const ratioTo = (opa: OpaServerFigures | null, perS: number): number | null => (opa === null ? null : round(perS / opa.per_s, 2));
