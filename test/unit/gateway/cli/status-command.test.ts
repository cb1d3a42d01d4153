import { describe, expect, it } from 'vitest';
import { runCommand } from '#test/support/cli-run.ts';
import { atGateway } from '#test/support/command-at-gateway.ts';
import { serveFakeApi } from '#test/support/fake-control-api.ts';
import { temporaryFolder } from '#test/support/temporary-folder.ts';

describe('status', () => {
  const status = { policyRevision: 'pol', dataRevision: 'dat', epoch: 3, headSeq: 99, doorNode: 'lost', doorNodeEpoch: 2, startedAtMs: 0 };

  it('prints what the gateway runs on', async () => {
    const { run } = await atGateway({ 'GET /api/status': { body: status } });
    const { out } = await run('status');
    expect(out).toMatch(/log +99 entries/);
    expect(out).toMatch(/doors +lost, epoch 2/);
  });

  it('goes over HTTP with a token', async () => {
    const api = await serveFakeApi({ 'GET /api/status': { body: status } }, 0);
    const world = { cwd: await temporaryFolder(), env: { GATEHOUSE_TOKEN: 'secret-token' } };
    expect(await runCommand(['status', '--url', api.url, '--json'], world)).toMatchObject({ exitCode: 0 });
    expect(api.headers[0]?.authorization).toBe('Bearer secret-token');
  });

  it.each([
    ['an unknown form', { body: { ...status, more: 1 } }],
    ['no JSON', { body: 'hello' }],
    ['a failure', { status: 500, body: { error: { code: 'internal.failure', message: 'Something failed.' } } }],
    ['a failure without a reason', { status: 502, body: 'Bad gateway' }],
  ])('ends with 3 when the answer is %s', async (_name, answer) => {
    const { run } = await atGateway({ 'GET /api/status': answer });
    expect(await run('status')).toMatchObject({ exitCode: 3 });
  });

  it('ends with 1 when nobody is signed in', async () => {
    const { run } = await atGateway({
      'GET /api/status': { status: 401, body: { error: { code: 'request.unauthenticated', message: 'Sign in first.' } } },
    });
    expect(await run('status')).toMatchObject({ exitCode: 1, err: expect.stringMatching(/Sign in first/) as string });
  });
});
