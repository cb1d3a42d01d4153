import { redirectUriOf, SCOPES, type Setting, type SettingFacts } from './setting.ts';

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

/** Paths at which the file has a page. One of them that is the way back as well takes nothing but the gateway's answers. */
const PAGES: ReadonlySet<string> = new Set(['/', '/login', '/logout']);

/** The way back: before the pages, whose path it may have. */
function expressCallback(pathname: string): string {
  const isPage = PAGES.has(pathname);
  const guard = `  // A page has this path as well.
  if (request.query.state === undefined) return next();
`;
  return `app.get('${pathname}', async (request, response${isPage ? ', next' : ''}) => {
${isPage ? guard : ''}  const { codeVerifier, state } = request.session.signIn ?? {};
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

`;
}

/** Sign-in, sign-out, and a page. */
const EXPRESS_PAGES = `app.get('/login', async (request, response) => {
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
  const app = `${expressStart(pathname)}${expressCallback(pathname)}${EXPRESS_PAGES}`;
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
