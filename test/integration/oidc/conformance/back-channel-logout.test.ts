import { createRemoteJWKSet, jwtVerify } from 'jose';
import { afterEach, expect, it } from 'vitest';
import { closeServer, listenLater } from '#test/support/listen-later.ts';
import { APP_ORIGIN } from '#test/support/oidc/client.ts';
import { clientWith } from '#test/support/oidc/flows.ts';
import { askLogout, confirmLogout, isSignedIn, signIn, startOp } from '#test/support/oidc/op.ts';

/* The modules of the plan "Back-Channel Logout OP" of the OpenID Foundation's suite, under their names. */

const cleanUp: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const step of cleanUp.splice(0).reverse()) await step();
});

const EVENT = 'http://schemas.openid.net/event/backchannel-logout';

async function start() {
  const app = await listenLater();
  const received: { readonly type: string | undefined; readonly form: URLSearchParams }[] = [];
  app.serve((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString()));
    request.on('end', () => {
      received.push({ type: request.headers['content-type'], form: new URLSearchParams(body) });
      response.writeHead(200, { 'cache-control': 'no-store' }).end();
    });
  });
  const op = await startOp({ clients: [clientWith({ mayOmitPkce: true }, { backchannelLogoutUri: `${app.origin}/logout` })] });
  cleanUp.push(async () => {
    await op.gateway.close();
    await closeServer(app.server);
  });
  return { op, received };
}

it('oidcc-backchannel-logout-discovery-endpoint-verification', async () => {
  const { op } = await start();
  expect(op.metadata).toMatchObject({
    backchannel_logout_supported: true,
    backchannel_logout_session_supported: true,
    end_session_endpoint: `${op.issuer}/session/end`,
  });
});

it('oidcc-backchannel-rp-initiated-logout', async () => {
  const { op, received } = await start();
  const { claims, idToken } = await signIn(op);

  const page = await askLogout(op, { id_token_hint: idToken, post_logout_redirect_uri: `${APP_ORIGIN}/`, state: 'xyz' });
  const { redirectedTo } = await confirmLogout(op, page);

  expect(redirectedTo?.href).toBe(`${APP_ORIGIN}/?state=xyz`);
  expect(received).toHaveLength(1);
  expect(received[0]?.type).toContain('application/x-www-form-urlencoded');
  const keys = createRemoteJWKSet(new URL(String(op.metadata['jwks_uri'])));
  const { payload } = await jwtVerify(received[0]?.form.get('logout_token') ?? '', keys, {
    typ: 'logout+jwt',
    issuer: op.issuer,
    audience: op.client.clientId,
    requiredClaims: ['iat', 'exp', 'jti', 'events'],
  });
  expect(payload).toMatchObject({ sub: claims.sub, sid: claims['sid'], events: { [EVENT]: {} } });
  expect(payload).not.toHaveProperty('nonce');
  expect(await isSignedIn(op)).toBe(false);
});
