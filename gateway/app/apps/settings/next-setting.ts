import { habitNotes, habitUriOf, originOf, type Setting, type SettingFacts } from './setting.ts';

/* The texts are the files of test/samples/next, which is built and run by its test; another test keeps the two the same. */

const AUTH = `import { decodeJwt } from 'jose';
import NextAuth from 'next-auth';

// Sessions that Gatehouse has ended, by sid or sub: when. A real app keeps them in its database, as long as its longest session.
// Next bundles each route apart, and they share no more than this.
const ended = (globalThis.endedSessions ??= new Map());
export const endSession = (key, atS) => ended.set(key, atS);
const hasEnded = ({ sid, signedInAtS, sub }) => [sid, sub].some((key) => ended.get(key) >= signedInAtS);

export const { handlers, auth, signIn, signOut } = NextAuth({
  providers: [
    {
      id: 'gatehouse',
      name: 'Gatehouse',
      type: 'oidc',
      // Auth.js reads AUTH_GATEHOUSE_ISSUER, _ID and _SECRET by itself.
      authorization: { params: { scope: 'openid profile email groups' } },
      checks: ['pkce', 'state', 'nonce'],
      // Name, address and groups are at the userinfo endpoint.
      idToken: false,
    },
  ],
  pages: { signIn: '/', error: '/' },
  session: { maxAge: 8 * 3600 },
  callbacks: {
    jwt({ account, profile, token }) {
      // The cookie of a session that is there already. Null ends it.
      if (!account) return hasEnded(token) ? null : token;
      const { iat, sid } = decodeJwt(account.id_token);
      return { sub: profile.sub, name: profile.name, groups: profile.groups ?? [], sid, signedInAtS: iat, idToken: account.id_token };
    },
    session: ({ session, token }) => ({ ...session, user: { id: token.sub, name: token.name, groups: token.groups } }),
  },
});
`;

const ROUTE = `import { cookies } from 'next/headers';
import { handlers } from '@/auth';

export const { POST } = handlers;

export async function GET(request) {
  const response = await handlers.GET(request);
  // Auth.js has checked the state by now, and drops the words: why Gatehouse refused, and the decision to quote.
  if (response.headers.get('location')?.endsWith('?error=OAuthCallbackError')) {
    const words = request.nextUrl.searchParams.get('error_description') ?? '';
    (await cookies()).set('refusal', words, { httpOnly: true, sameSite: 'lax', maxAge: 60 });
  }
  return response;
}
`;

const SIGN_OUT = `'use server';

import { env } from 'node:process';
import { headers } from 'next/headers';
import { redirect } from 'next/navigation';
import { getToken } from 'next-auth/jwt';
import { signOut } from '@/auth';

/** Ends the app's own session, then the one at Gatehouse: otherwise the next sign-in asks nothing. */
export async function signOutOfGatehouse() {
  const { AUTH_GATEHOUSE_ID, AUTH_GATEHOUSE_ISSUER, AUTH_SECRET, AUTH_URL } = env;
  const request = { headers: await headers() };
  const session = await getToken({ req: request, secret: AUTH_SECRET, secureCookie: AUTH_URL.startsWith('https:') });
  await signOut({ redirect: false });
  const parameters = new URLSearchParams({ client_id: AUTH_GATEHOUSE_ID, post_logout_redirect_uri: \`\${AUTH_URL}/\` });
  if (session?.idToken) parameters.set('id_token_hint', session.idToken);
  redirect(\`\${AUTH_GATEHOUSE_ISSUER}/session/end?\${parameters}\`);
}
`;

const BACKCHANNEL_LOGOUT = `import { env } from 'node:process';
import { createRemoteJWKSet, jwtVerify } from 'jose';
import { endSession } from '@/auth';

const { AUTH_GATEHOUSE_ID: audience, AUTH_GATEHOUSE_ISSUER: issuer } = env;
const EVENT = 'http://schemas.openid.net/event/backchannel-logout';
let keys;

/** OpenID Connect Back-Channel Logout 1.0: a session ended at Gatehouse, for instance because the person was suspended. */
export async function POST(request) {
  const headers = { 'cache-control': 'no-store' };
  try {
    keys ??= createRemoteJWKSet(new URL(\`\${issuer}/jwks\`));
    const token = (await request.formData()).get('logout_token');
    const { payload } = await jwtVerify(token, keys, { issuer, audience, typ: 'logout+jwt', requiredClaims: ['iat'] });
    if (payload.nonce !== undefined || !payload.events?.[EVENT]) throw new Error('no logout token');
    endSession(payload.sid ?? payload.sub, payload.iat);
    return new Response(null, { status: 200, headers });
  } catch {
    return Response.json({ error: 'invalid_request' }, { status: 400, headers });
  }
}
`;

const PAGE = `import { cookies } from 'next/headers';
import { auth, signIn } from '@/auth';
import { signOutOfGatehouse } from './sign-out';

async function signInAtGatehouse() {
  'use server';
  await signIn('gatehouse', { redirectTo: '/' });
}

/** Why the sign-in ended without a session. */
async function refusalOf(error) {
  if (error !== 'OAuthCallbackError') return 'The sign-in did not come to its end. Try again.';
  const words = (await cookies()).get('refusal')?.value;
  return \`Gatehouse did not let you in\${words ? \`: \${words}\` : ''}. Quote this when you ask why.\`;
}

async function Page({ searchParams }) {
  const session = await auth();
  const { error } = await searchParams;
  if (session === null) {
    return (
      <main>
        <h1>Not signed in</h1>
        {error && <p role="alert">{await refusalOf(error)}</p>}
        <form action={signInAtGatehouse}>
          <button>Sign in</button>
        </form>
      </main>
    );
  }
  const { groups, id, name } = session.user;
  return (
    <main>
      <h1>{name}</h1>
      <p>{\`You are \${id}, of \${groups.join(', ')}.\`}</p>
      <form action={signOutOfGatehouse}>
        <button>Sign out</button>
      </form>
    </main>
  );
}

export { Page as default };
`;

const FILES: Setting['files'] = [
  // Auth.js 5 is published as a beta only; a plain install gets version 4, which has another shape.
  { name: 'Shell', language: 'shell', text: 'npm install next-auth@5.0.0-beta.32 jose\n' },
  { name: 'auth.js', language: 'javascript', text: AUTH },
  { name: 'app/api/auth/[...nextauth]/route.js', language: 'javascript', text: ROUTE },
  { name: 'app/sign-out.js', language: 'javascript', text: SIGN_OUT },
  { name: 'app/backchannel-logout/route.js', language: 'javascript', text: BACKCHANNEL_LOGOUT },
  { name: 'app/page.jsx', language: 'javascript', text: PAGE },
];

/** Next.js with Auth.js 5, on the App Router: the same files in each app, and its own environment. */
export function nextSetting(facts: SettingFacts): Setting {
  const origin = originOf(habitUriOf(facts, '/api/auth/callback/gatehouse'));
  const env = `AUTH_GATEHOUSE_ISSUER=${facts.issuer}
AUTH_GATEHOUSE_ID=${facts.clientId}
AUTH_GATEHOUSE_SECRET=${facts.clientSecret}
AUTH_SECRET=make-one-with-openssl-rand-hex-32
AUTH_URL=${origin}
`;
  const comesBack = facts.postLogoutRedirectUris.includes(`${origin}/`);
  return {
    id: 'nextjs',
    title: 'Next.js (Auth.js)',
    files: [{ name: '.env.local', language: 'shell', text: env }, ...FILES],
    notes: [
      ...habitNotes(facts, '/api/auth/callback/gatehouse'),
      ...(comesBack ? [] : [`After sign-out it goes to ${origin}/: add that address to those of the app after sign-out.`]),
      `With ${origin}/backchannel-logout as the app’s back-channel logout address a person who is suspended is out of it within a second.`,
      'The page is an example: the middle of your own.',
    ],
  };
}
