import { meSchema } from '#gateway/http/contract/me.ts';
import { assertionOptionsSchema } from '#gateway/http/contract/sign-in.ts';
import { toApiError } from '../../shared/api/api-error.ts';
import { postJson } from '../../shared/api/client.ts';
import { answerWithPasskey } from '../../shared/api/passkey.ts';

/** Does what asks for a fresh sign-in: when the gateway says that the last one is too long ago, a passkey confirms it, once. */
export async function confirmed<Result>(act: () => Promise<Result>): Promise<Result> {
  try {
    return await act();
  } catch (error) {
    if (toApiError(error).code !== 'authentication.too_old') throw error;
    const start = await postJson('/api/me/confirm/options', {}, assertionOptionsSchema);
    await postJson('/api/me/confirm', await answerWithPasskey(start), meSchema);
    return act();
  }
}
