import { originOf, redirectUriOf, SCOPES, type Setting, type SettingFacts } from './setting.ts';

const line = (name: string, value: string): string => `${name.padEnd(24)}${value}`;

/** For every client that speaks the standard: what their forms ask for, by the names that they mostly have. */
export function genericSetting(facts: SettingFacts): Setting {
  const { clientId, clientSecret, idTokenAlg, issuer, kind, postLogoutRedirectUris, redirectUris } = facts;
  const isPublic = kind === 'browser' || kind === 'native';
  const rows = [
    line('Issuer', issuer),
    line('Discovery', `${issuer}/.well-known/openid-configuration`),
    line('Client ID', clientId),
    ...(isPublic ? [] : [line('Client secret', clientSecret)]),
    line('Client authentication', isPublic ? 'none (public client)' : 'client_secret_basic'),
    line('Flow', kind === 'machine' ? 'client_credentials' : 'authorization code with PKCE (S256)'),
    ...(kind === 'machine' ? [] : [line('Scopes', SCOPES), line('ID token algorithm', idTokenAlg)]),
    ...redirectUris.map((uri) => line('Redirect URI', uri)),
    ...postLogoutRedirectUris.map((uri) => line('After sign-out', uri)),
    line('Authorization endpoint', `${issuer}/auth`),
    line('Token endpoint', `${issuer}/token`),
    line('Userinfo endpoint', `${issuer}/me`),
    line('Keys (JWKS)', `${issuer}/jwks`),
    line('Sign-out endpoint', `${issuer}/session/end`),
  ];
  const shown = kind === 'machine' ? rows.filter((row) => !/^(Authorization|Userinfo|Sign-out)/.test(row)) : rows;
  return {
    id: 'generic',
    title: 'Any OpenID Connect client',
    files: [{ name: 'Settings', language: 'text', text: `${shown.join('\n')}\n` }],
    notes: kind === 'machine' ? [] : ['Clients that read the discovery document need the issuer, the client ID and the secret alone.'],
  };
}

/** oidc-client-ts: the usual library of single-page apps. */
export function browserSetting(facts: SettingFacts): Setting {
  const redirectUri = redirectUriOf(facts, '/callback');
  const afterSignOut = facts.postLogoutRedirectUris[0] ?? `${originOf(redirectUri)}/`;
  const text = `import { UserManager } from 'oidc-client-ts';

export const users = new UserManager({
  authority: '${facts.issuer}',
  client_id: '${facts.clientId}',
  redirect_uri: '${redirectUri}',
  post_logout_redirect_uri: '${afterSignOut}',
  response_type: 'code',
  scope: '${SCOPES}',
});

// Where people sign in:            await users.signinRedirect();
// At the redirect URI:             const user = await users.signinCallback();
// Where people sign out:           await users.signoutRedirect();
`;
  return {
    id: 'browser',
    title: 'Single-page app (oidc-client-ts)',
    files: [{ name: 'users.ts', language: 'typescript', text }],
    notes: ['The app has no secret: PKCE, which the library always uses, takes its place.'],
  };
}

/** A token for a program, as a shell and as Node asks for it. */
export function machineSettings({ clientId, clientSecret, issuer }: SettingFacts): Setting {
  const shell = `curl --fail --user '${clientId}:${clientSecret}' \\
  --data grant_type=client_credentials \\
  '${issuer}/token'
`;
  const node = `import { env } from 'node:process';
import * as client from 'openid-client';

const config = await client.discovery(
  new URL(env.GATEHOUSE_ISSUER),
  env.GATEHOUSE_CLIENT_ID,
  undefined,
  client.ClientSecretBasic(env.GATEHOUSE_CLIENT_SECRET),
);
const { access_token } = await client.clientCredentialsGrant(config);
`;
  const env = `GATEHOUSE_ISSUER=${issuer}
GATEHOUSE_CLIENT_ID=${clientId}
GATEHOUSE_CLIENT_SECRET=${clientSecret}
`;
  return {
    id: 'machine',
    title: 'Program (client credentials)',
    files: [
      { name: 'Shell', language: 'shell', text: shell },
      { name: '.env', language: 'shell', text: env },
      { name: 'token.mjs', language: 'javascript', text: node },
    ],
    notes: ['For a token of one of its APIs add --data-urlencode resource=URI, and scope where it has one.'],
  };
}

/** kubectl through kubelogin, and the API server that trusts it. */
export function kubectlSetting({ clientId, idTokenAlg, issuer }: SettingFacts): Setting {
  const kubeconfig = `users:
  - name: gatehouse
    user:
      exec:
        apiVersion: client.authentication.k8s.io/v1
        command: kubectl
        args:
          - oidc-login
          - get-token
          - --oidc-issuer-url=${issuer}
          - --oidc-client-id=${clientId}
          - --oidc-extra-scope=profile
          - --oidc-extra-scope=email
          - --oidc-extra-scope=groups
          # The API server reads nothing but the ID token.
          - '--oidc-auth-request-extra-params=claims={"id_token":{"email":null,"groups":null}}'
        interactiveMode: IfAvailable
`;
  const apiServer = `--oidc-issuer-url=${issuer}
--oidc-client-id=${clientId}
--oidc-username-claim=email
--oidc-groups-claim=groups
--oidc-signing-algs=${idTokenAlg}
`;
  return {
    id: 'kubectl',
    title: 'Kubernetes (kubectl, kubelogin)',
    files: [
      { name: 'kubeconfig', language: 'yaml', text: kubeconfig },
      { name: 'kube-apiserver', language: 'text', text: apiServer },
    ],
    notes: [
      'kubelogin comes back to http://localhost:8000 and http://localhost:18000: the app needs http://localhost as a redirect URI, any port of it is accepted.',
    ],
  };
}
