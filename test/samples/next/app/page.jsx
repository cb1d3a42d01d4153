import { cookies } from 'next/headers';
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
  return `Gatehouse did not let you in${words ? `: ${words}` : ''}. Quote this when you ask why.`;
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
      <p>{`You are ${id}, of ${groups.join(', ')}.`}</p>
      <form action={signOutOfGatehouse}>
        <button>Sign out</button>
      </form>
    </main>
  );
}

export { Page as default };
