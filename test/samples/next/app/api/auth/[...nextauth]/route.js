import { cookies } from 'next/headers';
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
