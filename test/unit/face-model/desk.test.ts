import { createLocalJWKSet, exportJWK, generateKeyPair, SignJWT } from 'jose';
import { afterEach, describe, expect, it } from 'vitest';
import { Desk, type DeskEvent } from '#face-model/desk/desk.ts';
import { startDeskServer } from '#face-model/desk/desk-server.ts';
import { createVerifyChallenge } from '#face-model/desk/verify-challenge.ts';
import { DESK_CHALLENGE_TYPE, type DeskChallenge } from '#gateway/domain/desk/desk-challenge.ts';
import type { DeskAttestation } from '#gateway/domain/desk/desk-attestation.ts';

const ISSUER = 'https://gate.example.com/oidc';
const NOW_MS = 1_790_000_000_000;
const challenge = (change: Partial<DeskChallenge> = {}): DeskChallenge => ({
  iss: ISSUER,
  aud: ['dsk_ann'],
  purpose: 'login',
  nonce: 'a'.repeat(32),
  subject: 'usr_ann',
  app: 'Wiki',
  asked_at_ms: NOW_MS,
  expires_at_ms: NOW_MS + 30_000,
  within_ms: 10_000,
  ...change,
});

async function gatewayWith(alg = 'ES256') {
  const { privateKey, publicKey } = await generateKeyPair(alg, { extractable: true });
  const keys = createLocalJWKSet({ keys: [{ ...(await exportJWK(publicKey)), kid: 'k', alg }] });
  const sign = (payload: object, typ = DESK_CHALLENGE_TYPE): Promise<string> =>
    new SignJWT({ ...payload }).setProtectedHeader({ alg, typ, kid: 'k' }).sign(privateKey);
  return { keys, sign };
}

interface RigOptions {
  readonly refusal?: string;
  readonly purpose?: DeskChallenge['purpose'];
  /** The computer's posture is told then. */
  readonly until?: Promise<unknown>;
}

async function rig({ purpose = 'login', refusal, until }: RigOptions = {}) {
  const gateway = await gatewayWith();
  let nowMs = NOW_MS;
  const verify = createVerifyChallenge({
    issuer: ISSUER,
    deviceId: 'dsk_ann',
    personId: 'usr_ann',
    keys: gateway.keys,
    nowMs: () => nowMs,
  });
  const said: DeskAttestation[] = [];
  const events: DeskEvent[] = [];
  let told = 0;
  const desk = new Desk({
    deviceId: 'dsk_ann',
    verify,
    eye: null,
    sign: async (payload) => {
      said.push(payload);
      return 'signed';
    },
    link: { attest: async () => refusal ?? null },
    tellPosture: async () => {
      told += 1;
      await until;
    },
    nowMs: () => nowMs,
    monotonicMs: () => 5,
    onEvent: (event) => events.push(event),
  });
  const set = (ms: number): void => void (nowMs = ms);
  return {
    gateway,
    verify,
    desk,
    said,
    events,
    told: () => told,
    set,
    ask: async () => desk.ask(await gateway.sign(challenge({ purpose }))),
  };
}

describe('a challenge', () => {
  it('is answered when this computer’s gateway signed it, for this computer and its person, just now, once', async () => {
    const { gateway, verify } = await rig();
    expect(await verify(await gateway.sign(challenge()))).toEqual({ ok: true, challenge: challenge() });
    expect(await verify(await gateway.sign(challenge()))).toEqual({ ok: false, fault: 'used' });
  });

  it.each([
    ['of another gateway', { iss: 'https://other.example/oidc' }, 'not_from_our_gateway'],
    ['for another computer', { aud: ['dsk_ben'] }, 'not_for_this_computer'],
    ['for another person', { subject: 'usr_ben' }, 'not_for_this_computer'],
    ['of yesterday', { asked_at_ms: NOW_MS - 90_001, expires_at_ms: NOW_MS - 60_001 }, 'too_old'],
    ['of tomorrow', { asked_at_ms: NOW_MS + 60_001, expires_at_ms: NOW_MS + 90_001 }, 'too_old'],
    ['that lacks a claim', { nonce: undefined }, 'not_from_our_gateway'],
  ])('%s is not', async (_what, change, fault) => {
    const { gateway, verify } = await rig();
    expect(await verify(await gateway.sign({ ...challenge(), ...change }))).toEqual({ ok: false, fault });
  });

  it('is not when another key, or this one for something else, signed it', async () => {
    const { gateway, verify } = await rig();
    const other = await gatewayWith();
    expect((await verify(await other.sign(challenge()))).ok).toBe(false);
    expect((await verify(await gateway.sign(challenge(), 'JWT'))).ok).toBe(false);
    for (const text of ['', 'x.y.z', 'x'.repeat(8_193)]) expect((await verify(text)).ok).toBe(false);
  });
});

describe('a computer', () => {
  it('tells its posture, and that it knows nobody’s face where it has no camera', async () => {
    const { ask, events, said, told } = await rig();
    expect(await ask()).toBe('begun');
    await expect.poll(() => events).toEqual(['desk.answered']);
    expect(told()).toBe(1);
    expect(said).toMatchObject([{ purpose: 'login', device: 'dsk_ann', subject: 'usr_ann', result: 'not_enrolled', template: null }]);
    expect(said[0]?.issued_at_ms).toBe(NOW_MS);
  });

  it('only says which one it is when nobody asks for a face', async () => {
    const { ask, events, said } = await rig({ purpose: 'device', refusal: 'face.device_revoked' });
    expect(await ask()).toBe('begun');
    await expect.poll(() => events).toEqual(['desk.refused']);
    expect(Object.keys(said[0] ?? {})).not.toContain('result');
  });

  it('answers one page at a time, and guides nobody else', async () => {
    const { promise: until, resolve } = Promise.withResolvers<undefined>();
    const { desk, events, gateway } = await rig({ until });
    expect(await desk.ask(await gateway.sign(challenge()))).toBe('begun');
    expect(await desk.ask(await gateway.sign(challenge({ nonce: 'b'.repeat(32) })))).toBe('busy');
    expect(desk.guidance('a'.repeat(32))).toBe('wait');
    expect(desk.guidance('b'.repeat(32))).toBeNull();
    resolve(undefined);
    await expect.poll(() => events).toEqual(['desk.answered']);
    expect(desk.guidance('a'.repeat(32))).toBeNull();
  });
});

describe('the address on loopback', () => {
  const cleanUp: (() => Promise<void>)[] = [];
  afterEach(async () => {
    for (const step of cleanUp.splice(0)) await step();
  });
  const ORIGIN = 'https://gate.example.com';

  async function serve() {
    const asked: string[] = [];
    const desk = {
      ask: async (jwt: string) => {
        asked.push(jwt);
        return 'begun' as const;
      },
      guidance: (nonce: string) => (nonce === 'n' ? ('look' as const) : null),
    };
    const server = await startDeskServer(desk, { origin: ORIGIN, port: 0 });
    cleanUp.push(() => server.close());
    const call = (path: string, init: RequestInit = {}, headers: Record<string, string> = {}) =>
      fetch(`${server.url}${path}`, {
        method: 'POST',
        ...init,
        headers: { origin: ORIGIN, 'content-type': 'application/json', ...headers },
      });
    return { asked, call, url: server.url };
  }

  it('takes a question of a page of the gateway, and says no more than that', async () => {
    const { asked, call } = await serve();
    const response = await call('/look', { body: JSON.stringify({ challenge: 'jwt' }) });
    expect([response.status, await response.json(), response.headers.get('access-control-allow-origin')]).toEqual([
      202,
      { state: 'begun' },
      ORIGIN,
    ]);
    expect(asked).toEqual(['jwt']);
    expect(await (await call('/guidance', { body: '{"nonce":"n"}' })).json()).toEqual({ say: 'look' });
    expect((await call('/guidance', { body: '{"nonce":"other"}' })).status).toBe(404);
    const preflight = await call('/look', { method: 'OPTIONS' });
    expect([preflight.status, preflight.headers.get('access-control-allow-private-network')]).toEqual([204, 'true']);
  });

  it.each([
    ['another origin', { origin: 'https://evil.example' }, 403],
    ['the same host over another scheme', { origin: 'http://gate.example.com' }, 403],
    ['no origin that a browser says', { origin: 'null' }, 403],
    ['a form', { 'content-type': 'text/plain' }, 415],
    ['another host name', { host: 'evil.example' }, 421],
  ])('is shut to %s', async (_what, headers, status) => {
    const { asked, url } = await serve();
    const { request } = await import('node:http');
    const answered = await new Promise<{ status?: number | undefined; allowed: string | string[] | undefined }>((resolve, reject) => {
      const given = { origin: ORIGIN, 'content-type': 'application/json', ...headers };
      const sent = request(`${url}/look`, { method: 'POST', headers: given }, (response) =>
        resolve({ status: response.resume().statusCode, allowed: response.headers['access-control-allow-origin'] }),
      );
      sent.on('error', reject).end('{"challenge":"jwt"}');
    });
    expect(answered.status).toBe(status);
    if (status !== 415) expect(answered.allowed).toBeUndefined();
    expect(asked).toEqual([]);
  });

  it('reads a body up to its length, and nothing that is not JSON of ours', async () => {
    const { asked, call } = await serve();
    for (const body of ['', 'x', '{}', '{"challenge":5}', '{"challenge":"x","more":1}'])
      expect((await call('/look', { body })).status).toBe(400);
    const long = await call('/look', { body: 'x'.repeat(16_385) }).catch(() => null);
    expect(long?.status ?? 413).toBe(413);
    expect((await call('/look', { method: 'GET' })).status).toBe(405);
    expect((await call('/other', { body: '{}' })).status).toBe(404);
    expect(asked).toEqual([]);
  });
});
