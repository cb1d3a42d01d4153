import { execFile } from 'node:child_process';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createRegoToolchain, REQUEST_BYTES_MAX } from '#adapters/rego-toolchain/rego-toolchain.ts';
import { STAND_BY_MS } from '#adapters/rego-toolchain/stand-by.ts';

const VALID = [{ path: 'a.rego', text: 'package a\n\nx := 1\n' }];
/** Some 10^12 steps. */
const ENDLESS = [
  {
    path: 'a.rego',
    text: [
      'package a',
      '',
      'many := numbers.range(1, 1000000)',
      '',
      'test_endless if count([1 | some i in many; some j in many; i + j == 0]) == 0',
    ].join('\n'),
  },
];
const GREEDY = [{ path: 'a.rego', text: 'package a\n\ntest_greedy if count(numbers.range(1, 100000000)) > 0\n' }];

describe('a compiler call that goes wrong', () => {
  it('is terminated when its time is over', async () => {
    const toolchain = createRegoToolchain({ timeoutMs: 6000 });
    const startedAtMs = performance.now();
    await expect(toolchain.test({ files: ENDLESS })).rejects.toMatchObject({ code: 'policy.toolchain_timed_out' });
    expect(performance.now() - startedAtMs).toBeLessThan(12_000);
    expect(await toolchain.check({ files: VALID })).toEqual({ ok: true });
  });

  it('ends when its memory is used up, and the next call works', async () => {
    const toolchain = createRegoToolchain({ memoryPagesMax: 3072, timeoutMs: 60_000 });
    await expect(toolchain.test({ files: GREEDY })).rejects.toMatchObject({ code: 'policy.toolchain_failed' });
    expect(await toolchain.check({ files: VALID })).toEqual({ ok: true });
  });

  it('is not started for a request over the limit, and is for one of exactly the limit', async () => {
    const toolchain = createRegoToolchain();
    const padded = (lengthBytes: number) => [{ path: 'a.rego', text: `package a\n\n#${' '.repeat(lengthBytes)}\n` }];
    const overhead = JSON.stringify({ op: 'fmt', files: padded(0) }).length;
    await expect(toolchain.format(padded(REQUEST_BYTES_MAX - overhead + 1))).rejects.toMatchObject({ code: 'request.too_large' });
    expect(await toolchain.format(padded(REQUEST_BYTES_MAX - overhead))).toMatchObject({ ok: true });
  });

  it('is refused when too many others wait', async () => {
    const toolchain = createRegoToolchain();
    const calls = await Promise.allSettled(Array.from({ length: 19 }, async () => toolchain.check({ files: VALID })));
    const refused = calls.filter((call) => call.status === 'rejected');
    expect(refused).toMatchObject([{ reason: { code: 'request.rate_limited' } }]);
  });
});

describe('the compiler that waits for the next request', () => {
  it('keeps no process alive', async () => {
    const file = fileURLToPath(new URL('./asking-process.ts', import.meta.url));
    const startedAtMs = performance.now();
    const { stdout } = await promisify(execFile)(process.execPath, [file], { timeout: STAND_BY_MS });
    expect(JSON.parse(stdout)).toEqual({ ok: true });
    expect(performance.now() - startedAtMs).toBeLessThan(STAND_BY_MS / 2);
  });
});

describe('the isolation of the compiler', () => {
  it('reaches no server, even for a schema reference', async () => {
    let connections = 0;
    const server = createServer(() => (connections += 1)).listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    const address = server.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    const schemas = { input: { $ref: `http://127.0.0.1:${String(port)}/schema.json` } };
    const result = await createRegoToolchain().check({ files: [{ path: 'a.rego', text: 'package a\n\nx if input.y\n' }], schemas });
    server.close();
    expect(result.ok).toBe(false);
    expect(connections).toBe(0);
  });
});

describe('the committed compiler', () => {
  let dir = '';
  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), 'gatehouse-toolchain-'));
    await cp(new URL('../../../policies/toolchain/dist/', import.meta.url), dir, { recursive: true });
  });
  afterAll(async () => rm(dir, { recursive: true }));

  it('is not run after a single flipped bit', async () => {
    const path = join(dir, 'gatehouse-rego.wasm.br');
    const bytes = await readFile(path);
    const flipped = Buffer.from(bytes);
    flipped[1000] = (flipped[1000] ?? 0) ^ 1;
    await writeFile(path, flipped);
    const toolchain = createRegoToolchain({ artifactDir: pathToFileURL(`${dir}/`) });
    await expect(toolchain.check({ files: VALID })).rejects.toMatchObject({ code: 'policy.artifact_mismatch' });
    await writeFile(path, bytes);
    expect(await toolchain.check({ files: VALID })).toEqual({ ok: true });
  });

  it('is not run with a manifest that names another hash', async () => {
    const path = join(dir, 'manifest.json');
    const text = await readFile(path, 'utf8');
    await writeFile(path, text.replace(/"raw_sha256": "\w{4}/, '"raw_sha256": "0000'));
    const toolchain = createRegoToolchain({ artifactDir: pathToFileURL(`${dir}/`) });
    await expect(toolchain.check({ files: VALID })).rejects.toMatchObject({ code: 'policy.artifact_mismatch' });
  });
});
