import { env } from 'node:process';
import { createRemoteJWKSet, jwtVerify } from 'jose';
import { endSession } from '@/auth';

const { AUTH_GATEHOUSE_ID: audience, AUTH_GATEHOUSE_ISSUER: issuer } = env;
const EVENT = 'http://schemas.openid.net/event/backchannel-logout';
let keys;

/** OpenID Connect Back-Channel Logout 1.0: a session ended at Gatehouse, for instance because the person was suspended. */
export async function POST(request) {
  const headers = { 'cache-control': 'no-store' };
  try {
    keys ??= createRemoteJWKSet(new URL(`${issuer}/jwks`));
    const token = (await request.formData()).get('logout_token');
    const { payload } = await jwtVerify(token, keys, { issuer, audience, typ: 'logout+jwt', requiredClaims: ['iat'] });
    if (payload.nonce !== undefined || !payload.events?.[EVENT]) throw new Error('no logout token');
    endSession(payload.sid ?? payload.sub, payload.iat);
    return new Response(null, { status: 200, headers });
  } catch {
    return Response.json({ error: 'invalid_request' }, { status: 400, headers });
  }
}
