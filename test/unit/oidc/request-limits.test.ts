import type { Adapter, AdapterPayload, KoaContextWithOIDC } from 'oidc-provider';
import { beforeEach, expect, it } from 'vitest';
import { createRequestLimits, OIDC_LIMITS, OIDC_LIMIT_WINDOW_S, type RequestLimits } from '#gateway/oidc/limits/request-limits.ts';
import { createStrangerLimits, STRANGER_LIMITS, STRANGER_WINDOW_S } from '#gateway/oidc/limits/stranger-limits.ts';
import { INTERACTIONS_MAX } from '#gateway/oidc/storage/storage-adapter.ts';
import { ASYNC_REQUEST_TTL_S } from '#gateway/oidc/types.ts';

let nowMs = 0;
let context: KoaContextWithOIDC | undefined;
const clock = { nowMs: () => nowMs };
const MAX = 2;
const small = Object.fromEntries(Object.keys(OIDC_LIMITS).map((name) => [name, MAX])) as Record<keyof typeof OIDC_LIMITS, number>;
const tooMany = { error: 'temporarily_unavailable', statusCode: 429 };

interface Asked {
  readonly route: string;
  readonly clientId?: string;
  readonly isPublic?: boolean;
  readonly address?: string;
  readonly accountId?: string;
}

const told = new Map<string, string>();

/** The provider's context of a request, as far as it is read. */
function request({ accountId, address = '192.0.2.1', clientId, isPublic = false, route }: Asked): void {
  const client = clientId === undefined ? undefined : { clientId, clientAuthMethod: isPublic ? 'none' : 'client_secret_basic' };
  const session = accountId === undefined ? undefined : { accountId };
  const entities = { InitialAccessToken: { jti: 'initial' } };
  const set = (name: string, value: string): void => void told.set(name, value);
  context = { req: { address }, set, oidc: { route, client, session, entities } } as unknown as KoaContextWithOIDC;
}

const stored: AdapterPayload[] = [];
const adapter: Adapter = {
  upsert: async (_id, payload) => void stored.push(payload),
  find: async (id) => ({ jti: id }),
  findByUid: async () => undefined,
  findByUserCode: async (code) => (code === 'RIGHT' ? { jti: 'device' } : undefined),
  consume: async () => undefined,
  destroy: async () => undefined,
  revokeByGrantId: async () => undefined,
};

/** One more for whoever has had none of the two that everybody shares. */
const shared = { perNetwork: MAX, max: MAX, reserve: 1, share: 1 };

let limits: RequestLimits;
beforeEach(() => {
  nowMs = 1_000_000;
  told.clear();
  stored.length = 0;
  limits = createRequestLimits({
    clock,
    clientIp: (asked) => (asked as unknown as { readonly address: string }).address,
    limits: small,
    strangers: createStrangerLimits(clock, { signIn: shared, pushed: shared }),
    current: () => context,
  });
});

const storage = (model: string): Adapter => limits.wrap(() => adapter)(model);
const exchange = (asked: Omit<Asked, 'route'>) => {
  request({ route: 'token', ...asked });
  return storage('RefreshToken').find('token');
};

it('lets a client exchange as many tokens as its limit, then says when to come again', async () => {
  for (let index = 0; index < MAX; index += 1) await exchange({ clientId: 'wiki', address: `192.0.2.${String(index)}` });
  nowMs += 1_000;
  await expect(exchange({ clientId: 'wiki' })).rejects.toMatchObject(tooMany);
  expect(told.get('retry-after')).toBe(String(OIDC_LIMIT_WINDOW_S - 1));
  await exchange({ clientId: 'mail' });
  nowMs += OIDC_LIMIT_WINDOW_S * 1_000;
  await exchange({ clientId: 'wiki' });
});

it('takes the smallest network of IPv6 for one address: all of it is at one person’s command', async () => {
  for (let index = 0; index < MAX; index += 1)
    await exchange({ clientId: 'spa', isPublic: true, address: `2001:db8:1:1::${String(index)}` });
  await expect(exchange({ clientId: 'spa', isPublic: true, address: '2001:db8:1:1:ffff::1' })).rejects.toMatchObject(tooMany);
  await exchange({ clientId: 'spa', isPublic: true, address: '2001:db8:1:2::1' });
});

it('counts a public client by address, because anybody may use its name', async () => {
  for (let index = 0; index < MAX; index += 1) await exchange({ clientId: 'spa', isPublic: true, address: '198.51.100.7' });
  await expect(exchange({ clientId: 'spa', isPublic: true, address: '198.51.100.7' })).rejects.toMatchObject(tooMany);
  await exchange({ clientId: 'spa', isPublic: true, address: '192.0.2.1' });
});

it('counts one request once, however many kinds of token it looks for', async () => {
  for (let index = 0; index < MAX; index += 1) {
    request({ route: 'introspection', clientId: 'api' });
    for (const model of ['AccessToken', 'ClientCredentials', 'RefreshToken']) await storage(model).find('token');
  }
  request({ route: 'introspection', clientId: 'api' });
  await expect(storage('AccessToken').find('token')).rejects.toMatchObject(tooMany);
});

it.each([
  ['pushed_authorization_request', 'PushedAuthorizationRequest'],
  ['device_authorization', 'DeviceCode'],
  ['backchannel_authentication', 'BackchannelAuthenticationRequest'],
])('bounds what a client stores at %s, and stores nothing more', async (route, model) => {
  const push = async (index: number): Promise<void> => {
    request({ route, clientId: 'wiki' });
    await storage(model).upsert('id', { clientId: 'wiki', accountId: `usr_${String(index)}` }, 60);
  };
  for (let index = 0; index < MAX; index += 1) await push(index);
  await expect(push(MAX)).rejects.toMatchObject(tooMany);
  expect(stored).toHaveLength(MAX);
});

const beginSignIn = async (asked: Omit<Asked, 'route'>): Promise<void> => {
  request({ route: 'authorization', clientId: 'wiki', ...asked });
  await storage('Interaction').upsert('id', {}, 60);
};

it('bounds the sign-ins that strangers begin, all networks of a customer as one, and shuts nobody else out', async () => {
  for (let index = 0; index < MAX; index += 1) await beginSignIn({ address: `2001:db8:1:${String(index)}::1` });
  await expect(beginSignIn({ address: '2001:db8:1:99::1' })).rejects.toMatchObject(tooMany);
  await beginSignIn({ address: '192.0.2.1' });
  await expect(beginSignIn({ address: '192.0.2.2' })).rejects.toMatchObject(tooMany);
  for (let index = 0; index < MAX; index += 1) await beginSignIn({ address: '192.0.2.2', accountId: 'usr_ann' });
  await expect(beginSignIn({ address: '192.0.2.9', accountId: 'usr_ann' })).rejects.toMatchObject(tooMany);
  await beginSignIn({ address: '192.0.2.2', accountId: 'usr_ben' });
  expect(stored).toHaveLength(2 * MAX + 2);
});

it('takes a sign-in that goes on for one that was counted when it began', async () => {
  for (let index = 0; index <= MAX; index += 1) {
    request({ route: 'resume', clientId: 'wiki' });
    await storage('Interaction').upsert('id', {}, 60);
  }
  expect(stored).toHaveLength(MAX + 1);
});

it('bounds what is begun for devices in the name of a public client, which anybody may use, and no client with a credential by it', async () => {
  const begin = async (asked: Omit<Asked, 'route'>): Promise<void> => {
    request({ route: 'device_authorization', ...asked });
    await storage('DeviceCode').upsert('id', {}, 600);
  };
  for (let index = 0; index < MAX; index += 1) await begin({ clientId: 'tv', isPublic: true, address: '198.51.100.7' });
  await expect(begin({ clientId: 'tv', isPublic: true, address: '198.51.100.7' })).rejects.toMatchObject(tooMany);
  await begin({ clientId: 'tv', isPublic: true, address: '192.0.2.1' });
  await expect(begin({ clientId: 'tv', isPublic: true, address: '192.0.2.2' })).rejects.toMatchObject(tooMany);
  await begin({ clientId: 'kiosk', address: '198.51.100.7' });
});

it('lets strangers begin no more for devices than is kept as long as a code lives', () => {
  const { max, reserve } = STRANGER_LIMITS.pushed;
  expect(((max + reserve) * ASYNC_REQUEST_TTL_S) / STRANGER_WINDOW_S).toBeLessThan(INTERACTIONS_MAX);
});

it('bounds how often one client may ask one person, and keeps no other client from asking', async () => {
  const ask = async (clientId: string): Promise<void> => {
    request({ route: 'backchannel_authentication', clientId: `${clientId}-${String(Math.random())}` });
    await storage('BackchannelAuthenticationRequest').upsert('id', { clientId, accountId: 'usr_ann' }, 60);
  };
  for (let index = 0; index < MAX; index += 1) await ask('pushy');
  await expect(ask('pushy')).rejects.toMatchObject(tooMany);
  await ask('desk');
});

it('bounds what is decided for a person, sign-ins and refreshes apart', () => {
  const count = (route: string): void => {
    request({ route, clientId: 'wiki' });
    limits.countPerson('usr_ann');
  };
  for (let index = 0; index < MAX; index += 1) count('authorization');
  expect(() => count('resume')).toThrow(expect.objectContaining(tooMany) as Error);
  for (let index = 0; index < MAX; index += 1) count('token');
  expect(() => count('token')).toThrow(expect.objectContaining(tooMany) as Error);
  // The API's question is counted as the API's.
  for (let index = 0; index <= MAX; index += 1) count('introspection');
});

it('bounds wrong device codes of an address, and holds up nobody who is signed in there', async () => {
  const type = (code: string, accountId?: string) => {
    request({ route: 'code_verification', ...(accountId === undefined ? {} : { accountId }) });
    return storage('DeviceCode').findByUserCode(code);
  };
  for (let index = 0; index < MAX; index += 1) expect(await type('WRONG')).toBeUndefined();
  await expect(type('RIGHT')).rejects.toMatchObject(tooMany);
  for (let index = 0; index <= MAX; index += 1) expect(await type('RIGHT', 'usr_ann')).toMatchObject({ jti: 'device' });
});

it('bounds what one initial access token registers', async () => {
  const register = async (): Promise<void> => {
    request({ route: 'registration' });
    await storage('Client').upsert('id', {}, 0);
  };
  for (let index = 0; index < MAX; index += 1) await register();
  await expect(register()).rejects.toMatchObject(tooMany);
});

it('bounds guesses of a secret from one address, and none of the client’s own elsewhere', async () => {
  const client = { prototype: { compareClientSecret: async (actual: string) => actual === 'right' } };
  limits.watchSecrets({ Client: client } as never);
  const compare = (secret: string, address: string): Promise<boolean> => {
    request({ route: 'token', address });
    return client.prototype.compareClientSecret.call({ clientId: 'wiki' }, secret);
  };
  for (let index = 0; index < MAX; index += 1) expect(await compare('wrong', '198.51.100.7')).toBe(false);
  await expect(compare('right', '198.51.100.7')).rejects.toMatchObject(tooMany);
  for (let index = 0; index <= MAX; index += 1) expect(await compare('right', '192.0.2.1')).toBe(true);
});

it('tells a client that polls without pause to slow down', async () => {
  const poll = () => {
    request({ route: 'token', clientId: `device-${String(Math.random())}` });
    return storage('DeviceCode').find('code');
  };
  for (let index = 0; index < 5; index += 1) await poll();
  await expect(poll()).rejects.toMatchObject({ error: 'slow_down' });
});
