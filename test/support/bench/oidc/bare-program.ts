import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { exportJWK, generateKeyPair } from 'jose';
import Provider, { interactionPolicy, type Adapter, type AdapterPayload, type Configuration } from 'oidc-provider';
import { BENCH_CLIENT, BENCH_CLIENTS, BENCH_LOGIN_PATH, BENCH_TTL_S, benchClientId } from './bench-client.ts';

/* The same library alone, with a store in memory: what is left when a gateway decides and keeps nothing. */

const port = Number(process.argv[2]);
const { apiScope, redirectUri, resource, secret } = BENCH_CLIENT;

async function signingKeys() {
  const algs = ['ES256', 'EdDSA', 'RS256'] as const;
  return Promise.all(
    algs.map(async (alg) => {
      const { privateKey } = await generateKeyPair(alg, { extractable: true });
      return { ...(await exportJWK(privateKey)), alg, kid: alg, use: 'sig' };
    }),
  );
}

function policyWithoutConsent(): interactionPolicy.DefaultPolicy {
  const policy = interactionPolicy.base();
  policy.remove('consent');
  return policy;
}

const ttl: NonNullable<Configuration['ttl']> = {
  AccessToken: BENCH_TTL_S.accessToken,
  AuthorizationCode: BENCH_TTL_S.code,
  ClientCredentials: BENCH_TTL_S.accessToken,
  Grant: BENCH_TTL_S.session,
  IdToken: BENCH_TTL_S.idToken,
  Interaction: BENCH_TTL_S.interaction,
  RefreshToken: BENCH_TTL_S.refreshToken,
  Session: BENCH_TTL_S.session,
};

/**
 * In memory without a bound, indexed as the library needs it. Its own quick-start store forgets all but the newest thousand entries, and with
 * them the sessions of this benchmark's people.
 */
class MapAdapter implements Adapter {
  static readonly entries = new Map<string, AdapterPayload>();
  readonly #name: string;

  constructor(name: string) {
    this.#name = name;
  }

  readonly #key = (id: string): string => `${this.#name}:${id}`;

  async upsert(id: string, payload: AdapterPayload): Promise<void> {
    MapAdapter.entries.set(this.#key(id), payload);
    if (payload.uid !== undefined) MapAdapter.entries.set(`uid:${payload.uid}`, payload);
  }

  async find(id: string): Promise<AdapterPayload | undefined> {
    return MapAdapter.entries.get(this.#key(id));
  }

  async findByUid(uid: string): Promise<AdapterPayload | undefined> {
    return MapAdapter.entries.get(`uid:${uid}`);
  }

  async findByUserCode(): Promise<undefined> {
    return undefined;
  }

  async consume(id: string): Promise<void> {
    const payload = MapAdapter.entries.get(this.#key(id));
    if (payload !== undefined) payload.consumed = Math.floor(Date.now() / 1_000);
  }

  async destroy(id: string): Promise<void> {
    MapAdapter.entries.delete(this.#key(id));
  }

  async revokeByGrantId(): Promise<void> {
    throw new TypeError('this benchmark revokes nothing');
  }
}

const provider: Provider = new Provider(`http://localhost:${String(port)}/oidc`, {
  clients: Array.from({ length: BENCH_CLIENTS }, (_, index) => ({
    client_id: benchClientId(index),
    client_secret: secret,
    redirect_uris: [redirectUri],
    grant_types: ['authorization_code', 'refresh_token', 'client_credentials'],
    response_types: ['code'],
    id_token_signed_response_alg: 'ES256' as const,
  })),
  adapter: MapAdapter,
  jwks: { keys: await signingKeys() },
  cookies: {
    keys: ['bench-cookie-key'],
    long: { httpOnly: true, sameSite: 'lax', signed: true },
    short: { httpOnly: true, sameSite: 'lax', signed: true },
  },
  claims: { openid: ['sub', 'acr', 'amr', 'auth_time'], profile: ['name'], email: ['email'], groups: ['groups'] },
  scopes: ['openid', 'profile', 'email', 'groups'],
  responseTypes: ['code'],
  pkce: { required: () => true },
  enabledJWA: { idTokenSigningAlgValues: ['ES256', 'EdDSA', 'RS256'] },
  features: {
    devInteractions: { enabled: false },
    clientCredentials: { enabled: true },
    introspection: { enabled: true },
    revocation: { enabled: true },
    resourceIndicators: {
      enabled: true,
      getResourceServerInfo: () => ({
        scope: apiScope,
        audience: resource,
        accessTokenFormat: 'opaque',
        accessTokenTTL: BENCH_TTL_S.accessToken,
      }),
      useGrantedResource: () => true,
    },
  },
  ttl,
  findAccount: (_ctx, sub) => ({ accountId: sub, claims: () => ({ sub, name: sub, email: `${sub}@example.test`, groups: ['everybody'] }) }),
  interactions: { policy: policyWithoutConsent(), url: (_ctx, interaction) => `/signin/${interaction.uid}` },
  loadExistingGrant: async (ctx) => {
    const grant = new ctx.oidc.provider.Grant({ clientId: ctx.oidc.client?.clientId ?? '', accountId: ctx.oidc.session?.accountId ?? '' });
    grant.addOIDCScope(BENCH_CLIENT.scope);
    await grant.save();
    return grant;
  },
  issueRefreshToken: () => true,
  expiresWithSession: () => true,
  rotateRefreshToken: true,
});
provider.proxy = true;

async function signIn(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const [, personId = ''] = (request.url ?? '').slice(BENCH_LOGIN_PATH.length).split('/');
  await provider.interactionDetails(request, response);
  const login = { accountId: personId, amr: ['hwk', 'user'], ts: Math.floor(Date.now() / 1_000) };
  const location = await provider.interactionResult(request, response, { login });
  response.writeHead(303, { location }).end();
}

const handle = provider.callback();
const server = createServer((request, response) => {
  if (request.url?.startsWith(BENCH_LOGIN_PATH) === true) {
    signIn(request, response).catch((failure: unknown) => response.writeHead(500).end(String(failure)));
    return;
  }
  // Mounted below a path, as the gateway has it.
  const { url } = request;
  (request as { originalUrl?: string | undefined }).originalUrl = url;
  request.url = (url ?? '/').slice('/oidc'.length);
  void handle(request, response);
});
server.listen(port, '127.0.0.1', () => process.send?.('ready'));
process.once('SIGTERM', () => process.exit(0));
// A benchmark that was ended takes it along.
process.once('disconnect', () => process.exit(0));
