import { meSchema } from '#gateway/http/contract/me.ts';
import { assertionOptionsSchema } from '#gateway/http/contract/sign-in.ts';
import { toApiError } from '../../shared/api/api-error.ts';
import { postJson } from '../../shared/api/client.ts';
import { answerWithPasskey } from '../../shared/api/passkey.ts';

const isTooOld = (failure: unknown): boolean => toApiError(failure).code === 'authentication.too_old';

/** Does what asks for a fresh sign-in: when the gateway says that the last one is too long ago, a passkey confirms it, once. */
export async function confirmed<Result>(act: () => Promise<Result>): Promise<Result> {
  try {
    return await act();
  } catch (failure) {
    if (!isTooOld(failure)) throw failure;
    const start = await postJson('/api/me/confirm/options', {}, assertionOptionsSchema);
    const answer = await answerWithPasskey(start);
    const refusal = await postJson('/api/me/confirm', answer, meSchema).then(
      () => null,
      (error: unknown) => toApiError(error),
    );
    if (refusal !== null && refusal.code !== 'authentication.failed') throw refusal;
    // Another tab may have confirmed meanwhile: this answer was then to a challenge of the session before, and the new one is fresh.
    return act().catch((again: unknown) => {
      throw refusal !== null && isTooOld(again) ? refusal : again;
    });
  }
}
