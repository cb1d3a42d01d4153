import { createHash } from 'node:crypto';

/** As many apps as connections: the gateway limits what one client may ask for in a minute. */
export const BENCH_CLIENTS = 16;
export const benchClientId = (index: number): string => `bench-${String(index % BENCH_CLIENTS)}`;

/** What all of them have in common, at either server. */
export const BENCH_CLIENT = {
  secret: 'bench-client-secret-of-no-worth',
  redirectUri: 'http://localhost:9/callback',
  resource: 'http://localhost:9/api',
  scope: 'openid profile email groups',
  apiScope: 'read',
} as const;

export const BENCH_SECRET_SHA256 = createHash('sha256').update(BENCH_CLIENT.secret).digest('hex');
export const benchBasic = (index: number): string => `Basic ${btoa(`${benchClientId(index)}:${BENCH_CLIENT.secret}`)}`;

/** Life times of both, seconds. */
export const BENCH_TTL_S = { accessToken: 300, refreshToken: 3_600, session: 3_600, code: 60, interaction: 900, idToken: 300 } as const;

/** People in the store; half of them may use the apps, and sign in one after the other. */
export const BENCH_PEOPLE = 2_000;

/** Where both servers take a sign-in without a passkey: the interaction is the provider's own, only the proof of who it is is left out. */
export const BENCH_LOGIN_PATH = '/bench/login/';
