import { expect, it } from 'vitest';
import { atGateway as startGateway, type FakeAnswers } from '#test/support/command-at-gateway.ts';

const atGateway = (answers: FakeAnswers) => startGateway(answers, { command: 'oidc' });

const ROTATED = { 'POST /api/oidc/keys/rotate': { body: { generation: 2, signsFromMs: 1_800_000_000_000, kids: ['k'] } } };
const OFFERED = {
  'POST /api/oidc/registration-tokens': {
    body: { token: 'a-token', expiresAtMs: 1_800_000_000_000, endpoint: 'https://gatehouse.example.test/oidc/reg' },
  },
};

it('rotates the keys with a reason, and says when the new ones sign', async () => {
  const { api, run } = await atGateway(ROTATED);

  const { exitCode, out } = await run('rotate-keys', '--reason', 'yearly change');

  expect(exitCode).toBe(0);
  expect(out).toContain('new keys are published; they sign from 2027-01-15');
  expect(api.requests).toEqual(['POST /api/oidc/keys/rotate {"reason":"yearly change"}']);
});

it.each([
  'NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs',
  '-hbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs',
  '--bLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs',
])('retires a key, whatever its id begins with: %s', async (kid) => {
  const retired = { state: 'retired', kid, alg: 'ES256', replacedBy: 'another' };
  const { api, run } = await atGateway({ 'POST /api/oidc/keys/retire': { body: retired } });
  const lines = [
    ['retire-key', kid, '--reason', 'stolen'],
    ['retire-key', '--reason', 'stolen', kid],
    ['retire-key', '--reason', 'stolen', '--', kid],
  ];
  for (const line of lines) {
    const { exitCode, out } = await run(...line);
    expect(exitCode).toBe(0);
    expect(out).toContain('another signs in its place');
  }
  expect(api.requests).toEqual(lines.map(() => `POST /api/oidc/keys/retire ${JSON.stringify({ kid, reason: 'stolen' })}`));
});

it('takes nothing else that begins with a dash for the id of a key', async () => {
  const { api, run } = await atGateway({});
  expect((await run('retire-key', '--every-key', '--reason', 'stolen')).exitCode).toBe(2);
  expect(api.requests).toEqual([]);
});

it('asks for a reason', async () => {
  const { run } = await atGateway(ROTATED);
  expect((await run('rotate-keys')).exitCode).toBe(2);
});

it('makes a registration token for an app and its origins, and prints it once', async () => {
  const { api, run } = await atGateway(OFFERED);

  const { out } = await run('registration-token', 'wiki', '--origin', 'https://wiki.example.test', '--reason', 'staging');

  expect(out).toContain('a-token');
  expect(out).toContain('/oidc/reg');
  const body = { appId: 'wiki', origins: ['https://wiki.example.test'], ttlS: 3_600, reason: 'staging' };
  expect(api.requests).toEqual([`POST /api/oidc/registration-tokens ${JSON.stringify(body)}`]);
});
