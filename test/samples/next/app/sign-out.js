'use server';

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
  const parameters = new URLSearchParams({ client_id: AUTH_GATEHOUSE_ID, post_logout_redirect_uri: `${AUTH_URL}/` });
  if (session?.idToken) parameters.set('id_token_hint', session.idToken);
  redirect(`${AUTH_GATEHOUSE_ISSUER}/session/end?${parameters}`);
}
