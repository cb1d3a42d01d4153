import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { exportJWK, generateKeyPair } from 'jose';
import { startProgram } from '../child-programs.ts';
import { GLEWLWYD, requirePeer } from './peers.ts';
import { freePort, until } from '../running-gateway.ts';
import type { TestBrowser } from '../console/test-browser.ts';

/** As the package's own set-up makes them. */
const TABLES = '/usr/share/dbconfig-common/data/glewlwyd/install/sqlite3';
const ADMIN = { username: 'admin', password: 'password' };

function configuration(folder: string, port: number): string {
  return `port=${String(port)}
external_url="http://localhost:${String(port)}"
login_url="login.html"
api_prefix="api"
cookie_same_site="lax"
session_expiration=86400
session_key="GLEWLWYD"
admin_scope="g_admin"
profile_scope="g_profile"
log_mode="console"
log_level="WARNING"
static_files_path="/usr/share/glewlwyd/webapp"
user_module_path="/usr/lib/glewlwyd/user"
client_module_path="/usr/lib/glewlwyd/client"
user_auth_scheme_module_path="/usr/lib/glewlwyd/scheme"
plugin_module_path="/usr/lib/glewlwyd/plugin"
hash_algorithm="SHA512"
database =
{
  type = "sqlite3"
  path = "${join(folder, 'glewlwyd.db')}"
}
`;
}

/** A real identity provider of another make, from Debian, with one client and no users yet. */
export async function startGlewlwyd(folder: string) {
  const port = await freePort();
  const origin = `http://localhost:${String(port)}`;
  const api = `${origin}/api`;
  const database = new DatabaseSync(join(folder, 'glewlwyd.db'));
  database.exec(readFileSync(TABLES, 'utf8'));
  database.close();
  writeFileSync(join(folder, 'glewlwyd.conf'), configuration(folder, port));
  const program = startProgram(requirePeer(GLEWLWYD), [`--config-file=${join(folder, 'glewlwyd.conf')}`]);
  let cookie = '';
  const administrate = async (method: string, path: string, body: object): Promise<void> => {
    const headers = { 'content-type': 'application/json', cookie };
    const response = await fetch(`${api}${path}`, { method, headers, body: JSON.stringify(body) });
    cookie = response.headers.getSetCookie()[0]?.split(';')[0] ?? cookie;
    if (!response.ok) throw new Error(`glewlwyd answered ${String(response.status)} to ${method} ${path}: ${await response.text()}`);
    await response.body?.cancel();
  };
  await until(`glewlwyd answers: ${program.output()}`, 20_000, async () => {
    if (program.hasEnded()) throw new Error(`glewlwyd ended: ${program.output()}`);
    return administrate('POST', '/auth', ADMIN).then(
      () => true,
      () => null,
    );
  });
  await administrate('POST', '/mod/plugin', await openidPlugin(`${api}/oidc`));

  return {
    issuer: `${api}/oidc`,
    addClient: (gatewayUrl: string, secret: string) =>
      administrate('POST', '/client', {
        client_id: 'gatehouse',
        name: 'Gatehouse',
        password: secret,
        confidential: true,
        enabled: true,
        redirect_uri: [`${gatewayUrl}/upstream/corp/callback`],
        authorization_type: ['code'],
        token_endpoint_auth_method: ['client_secret_basic'],
        backchannel_logout_uri: `${gatewayUrl}/upstream/corp/backchannel-logout`,
        scope: [],
        source: 'database',
      }),
    addUser: (username: string, password: string) =>
      administrate('POST', '/user', {
        username,
        password,
        name: username,
        email: `${username}@example.test`,
        enabled: true,
        scope: ['g_profile', 'openid'],
        source: 'database',
      }),
    /** What its login page does: the password, and the person's yes to this client. */
    signIn: async (browser: TestBrowser, username: string, password: string): Promise<void> => {
      const send = (method: string, path: string, body: object) =>
        browser.request(`${api}${path}`, { method, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });
      const signedIn = await send('POST', '/auth', { username, password });
      const granted = await send('PUT', '/auth/grant/gatehouse', { scope: 'openid' });
      if (!signedIn.ok || !granted.ok) throw new Error(`glewlwyd did not sign in: ${String(signedIn.status)}, ${String(granted.status)}`);
    },
    /** Its login page comes back to the request so. */
    continued: (authorizationUrl: string): string => `${authorizationUrl}&g_continue`,
    end: () => program.end(),
  };
}

async function openidPlugin(issuer: string): Promise<object> {
  const { privateKey } = await generateKeyPair('RS256', { extractable: true });
  const jwk = { ...(await exportJWK(privateKey)), kid: 'one', alg: 'RS256' };
  return {
    module: 'oidc',
    name: 'oidc',
    display_name: 'OpenID Connect',
    parameters: {
      iss: issuer,
      'jwks-private': JSON.stringify({ keys: [jwk] }),
      'default-kid': 'one',
      'access-token-duration': 3_600,
      'refresh-token-duration': 86_400,
      'code-duration': 600,
      'refresh-token-rolling': true,
      'auth-type-code-enabled': true,
      'auth-type-token-enabled': false,
      'auth-type-id-token-enabled': true,
      'auth-type-none-enabled': false,
      'auth-type-password-enabled': false,
      'auth-type-client-enabled': false,
      'auth-type-refresh-enabled': false,
      'allow-non-oidc': false,
      scope: [],
      'additional-parameters': [],
      'pkce-allowed': true,
      'pkce-method-plain-allowed': false,
      'subject-type': 'public',
      claims: [],
      'name-claim': 'mandatory',
      'email-claim': 'mandatory',
      'scope-claim': 'no',
      'session-management-allowed': true,
      'session-cookie-name': 'GLEWLWYD_OIDC',
      'session-cookie-expiration': 3_600,
      'back-channel-logout-allowed': true,
      'front-channel-logout-allowed': false,
    },
  };
}
