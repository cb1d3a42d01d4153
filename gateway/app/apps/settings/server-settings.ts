import { habitNotes, originOf, redirectUriOf, SCOPES, type Setting, type SettingFacts } from './setting.ts';

/** Reads its settings and keeps sessions. */
const expressStart = (pathname: string): string => `import { env } from 'node:process';
import express from 'express';
import session from 'express-session';
import * as client from 'openid-client';

const { GATEHOUSE_ISSUER, GATEHOUSE_CLIENT_ID, GATEHOUSE_CLIENT_SECRET, APP_URL, SESSION_SECRET } = env;
const redirectUri = \`\${APP_URL}${pathname}\`;
const issuer = new URL(GATEHOUSE_ISSUER);
// Plain http is for trying on one computer only.
const options = issuer.protocol === 'http:' ? { execute: [client.allowInsecureRequests] } : undefined;
const config = await client.discovery(issuer, GATEHOUSE_CLIENT_ID, undefined, client.ClientSecretBasic(GATEHOUSE_CLIENT_SECRET), options);

const app = express();
app.set('trust proxy', 1);
app.use(
  session({
    secret: SESSION_SECRET,
    resave: false,
    saveUninitialized: false,
    cookie: { httpOnly: true, sameSite: 'lax', secure: APP_URL.startsWith('https:') },
  }),
);

`;

/** Sign-in, the way back, sign-out, and a page. */
const expressRoutes = (pathname: string): string => `app.get('/login', async (request, response) => {
  const codeVerifier = client.randomPKCECodeVerifier();
  const state = client.randomState();
  request.session.signIn = { codeVerifier, state };
  const url = client.buildAuthorizationUrl(config, {
    redirect_uri: redirectUri,
    scope: '${SCOPES}',
    state,
    code_challenge: await client.calculatePKCECodeChallenge(codeVerifier),
    code_challenge_method: 'S256',
  });
  response.redirect(url.href);
});

app.get('${pathname}', async (request, response) => {
  const { codeVerifier, state } = request.session.signIn ?? {};
  const tokens = await client.authorizationCodeGrant(config, new URL(request.originalUrl, APP_URL), {
    pkceCodeVerifier: codeVerifier,
    expectedState: state,
  });
  // Name, address and groups are at the userinfo endpoint; the ID token says who it is and how they signed in.
  const { sub, name } = await client.fetchUserInfo(config, tokens.access_token, tokens.claims().sub);
  // A new session for a new person: nobody can have prepared it.
  request.session.regenerate(() => {
    request.session.user = { sub, name, idToken: tokens.id_token };
    response.redirect('/');
  });
});

app.get('/logout', (request, response) => {
  const idToken = request.session.user?.idToken;
  request.session.destroy(() => {
    response.redirect(client.buildEndSessionUrl(config, idToken === undefined ? {} : { id_token_hint: idToken }).href);
  });
});

app.get('/', (request, response) => {
  const { user } = request.session;
  if (user === undefined) return response.redirect('/login');
  response.type('text').send(\`Hello \${user.name}\`);
});

app.listen(new URL(APP_URL).port || 3000);
`;

/** Express with openid-client: nothing of ours is needed. */
export function expressSetting(facts: SettingFacts): Setting {
  const redirectUri = redirectUriOf(facts, '/callback');
  const { origin, pathname } = URL.parse(redirectUri) ?? new URL('https://app.example.com/callback');
  const env = `GATEHOUSE_ISSUER=${facts.issuer}
GATEHOUSE_CLIENT_ID=${facts.clientId}
GATEHOUSE_CLIENT_SECRET=${facts.clientSecret}
APP_URL=${origin}
SESSION_SECRET=make-one-with-openssl-rand-hex-32
`;
  const app = `${expressStart(pathname)}${expressRoutes(pathname)}`;
  return {
    id: 'express',
    title: 'Express (openid-client)',
    files: [
      { name: 'Shell', language: 'shell', text: 'npm install express express-session openid-client\n' },
      { name: '.env', language: 'shell', text: env },
      { name: 'app.mjs', language: 'javascript', text: app },
    ],
    notes: ['Start it by node --env-file=.env app.mjs.'],
  };
}

export function oauth2ProxySetting(facts: SettingFacts): Setting {
  const redirectUri = redirectUriOf(facts, '/oauth2/callback');
  const text = `provider = "oidc"
oidc_issuer_url = "${facts.issuer}"
client_id = "${facts.clientId}"
client_secret = "${facts.clientSecret}"
redirect_url = "${redirectUri}"
scope = "${SCOPES}"
code_challenge_method = "S256"
oidc_groups_claim = "groups"
# Who may come in is decided by the gateway.
email_domains = ["*"]
insecure_oidc_allow_unverified_email = true
# Base64 of another alphabet than that of URLs would not be taken: hexadecimal is.
cookie_secret = "make-one-with-openssl-rand-hex-16"
cookie_secure = ${redirectUri.startsWith('https:') ? 'true' : 'false'}
upstreams = ["http://127.0.0.1:8080/"]
`;
  return {
    id: 'oauth2-proxy',
    title: 'oauth2-proxy',
    files: [{ name: 'oauth2-proxy.cfg', language: 'toml', text }],
    notes: habitNotes(facts, '/oauth2/callback'),
  };
}

export function grafanaSetting(facts: SettingFacts): Setting {
  const redirectUri = redirectUriOf(facts, '/login/generic_oauth');
  const { issuer } = facts;
  const text = `[server]
root_url = ${originOf(redirectUri)}/

[auth.generic_oauth]
enabled = true
name = Gatehouse
allow_sign_up = true
client_id = ${facts.clientId}
client_secret = ${facts.clientSecret}
scopes = ${SCOPES}
auth_url = ${issuer}/auth
token_url = ${issuer}/token
api_url = ${issuer}/me
use_pkce = true
login_attribute_path = sub
name_attribute_path = name
email_attribute_path = email
groups_attribute_path = groups
role_attribute_path = contains(groups[*], 'grafana-admins') && 'Admin' || 'Viewer'
signout_redirect_url = ${issuer}/session/end
`;
  return {
    id: 'grafana',
    title: 'Grafana',
    files: [{ name: 'grafana.ini', language: 'ini', text }],
    notes: habitNotes(facts, '/login/generic_oauth'),
  };
}

export function gitlabSetting(facts: SettingFacts): Setting {
  const redirectUri = redirectUriOf(facts, '/users/auth/openid_connect/callback');
  const text = `gitlab_rails['omniauth_allow_single_sign_on'] = ['openid_connect']
gitlab_rails['omniauth_block_auto_created_users'] = false
gitlab_rails['omniauth_providers'] = [
  {
    name: 'openid_connect',
    label: 'Gatehouse',
    args: {
      name: 'openid_connect',
      scope: [${SCOPES.split(' ')
        .map((scope) => `'${scope}'`)
        .join(', ')}],
      response_type: 'code',
      issuer: '${facts.issuer}',
      discovery: true,
      client_auth_method: 'basic',
      client_signing_alg: :${facts.idTokenAlg},
      uid_field: 'sub',
      pkce: true,
      client_options: {
        identifier: '${facts.clientId}',
        secret: '${facts.clientSecret}',
        redirect_uri: '${redirectUri}'
      }
    }
  }
]
`;
  return {
    id: 'gitlab',
    title: 'GitLab',
    files: [{ name: 'gitlab.rb', language: 'ruby', text }],
    notes: [...habitNotes(facts, '/users/auth/openid_connect/callback'), 'GitLab knows PKCE since 15.9.'],
  };
}
