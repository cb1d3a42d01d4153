import { describe, expect, it } from 'vitest';
import type { Operation } from '#gateway/http/contract/reader-operations.ts';
import { runCommand } from '#test/support/cli-run.ts';
import { serveFakeApi } from '#test/support/fake-control-api.ts';
import { temporaryFolder } from '#test/support/temporary-folder.ts';

type Progress = Operation['readers'][number];
const progress = (readerId: string, change: Partial<Progress>): Progress => ({
  readerId,
  state: 'pending',
  stage: null,
  code: null,
  sentBytes: 0,
  totalBytes: 0,
  test: null,
  ...change,
});
const operation = (endedAtMs: number | null, ...readers: readonly Progress[]): Operation => ({
  id: 'op_1',
  kind: 'rotate_keys',
  operatorId: 'local',
  beganAtMs: 1,
  endedAtMs,
  readers: [...readers],
});

async function run(args: readonly string[], begun: Operation, later: Operation, catchInterrupt = () => new AbortController().signal) {
  const api = await serveFakeApi(
    {
      'POST /api/reader-operations/rotation': { status: 202, body: { decisionId: 'dec_1', operation: begun } },
      'GET /api/reader-operations/op_1': { body: { operation: later } },
      'POST /api/reader-operations/op_1/cancel': { body: { cancelled: true } },
    },
    0,
  );
  const env = { GATEHOUSE_URL: api.url, GATEHOUSE_TOKEN: 'token' };
  const result = await runCommand(['osdp', ...args], { cwd: await temporaryFolder(), env, catchInterrupt });
  return { ...result, requests: api.requests };
}

describe('gatehouse osdp keyset', () => {
  it('tells each step of each reader once, and that all is done', async () => {
    const begun = operation(
      null,
      progress('front', { state: 'running', stage: 'key_sent' }),
      progress('vault', { code: 'reader.offline' }),
    );
    const later = operation(9, progress('front', { state: 'done' }), progress('vault', { state: 'done' }));
    const { exitCode, out, requests } = await run(['keyset', '--site', 'hq', '--reason', 'yearly'], begun, later);
    expect(exitCode).toBe(0);
    expect(out.split('\n').filter((line) => line !== '')).toEqual([
      'front: new key sent',
      'vault: waits: does not answer; it is done when it is back',
      'front: done',
      'vault: done',
    ]);
    expect(requests[0]).toBe('POST /api/reader-operations/rotation {"scope":{"kind":"site","id":"hq"},"reason":"yearly"}');
  });

  it('stops what can be stopped at Ctrl+C, and ends with 1', async () => {
    const begun = operation(null, progress('front', {}));
    const later = operation(9, progress('front', { state: 'cancelled' }));
    const { exitCode, out, err, requests } = await run(['keyset', '--all'], begun, later, () => AbortSignal.abort());
    expect([exitCode, out.trim()]).toEqual([1, 'front: not done: stopped']);
    expect(err).toContain('1 of 1 not done');
    expect(requests).toContain('POST /api/reader-operations/op_1/cancel {}');
  });

  it('ends with 1 when a reader failed, and says why', async () => {
    const failed = operation(9, progress('front', { state: 'failed', code: 'reader.refused' }), progress('vault', { state: 'done' }));
    const { exitCode, out } = await run(['keyset', '--all'], failed, failed);
    expect([exitCode, out]).toEqual([1, expect.stringContaining('front: failed: the reader, or whoever answers for it, refused')]);
  });

  it('prints what the gateway says, once it is over, with --json', async () => {
    const done = operation(9, progress('front', { state: 'done' }));
    const { exitCode, out } = await run(['keyset', '--all', '--json'], operation(null, progress('front', {})), done);
    expect([exitCode, JSON.parse(out)]).toEqual([0, { operation: done }]);
  });

  it.each([['keyset'], ['pair'], ['comset'], ['transfer'], ['health']])('%s --help has an example', async (command) => {
    const { exitCode, out } = await runCommand(['osdp', command, '--help'], { cwd: await temporaryFolder() });
    expect([exitCode, out]).toEqual([0, expect.stringContaining(`gatehouse osdp ${command}`)]);
    expect(out).toMatch(/Examples:/);
  });
});
