import { decodeJwt } from 'jose';
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
