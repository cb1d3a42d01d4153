import { useMutation, useQueryClient } from '@tanstack/react-query';
import { continueSchema } from '#gateway/http/contract/sign-in.ts';
import { toApiError } from '../../shared/api/api-error.ts';
import { postJson } from '../../shared/api/client.ts';
import { goTo } from './go-to.ts';

type Step = 'retry' | 'abort';

/** A step of the sign-in that needs nothing but a press: ask again, or back to the app. */
export function useStep(path: string, uid: string) {
  const queries = useQueryClient();
  const next = useMutation({
    mutationFn: (step: Step) => postJson(`${path}/${step}`, {}, continueSchema),
    onSuccess: ({ redirectTo }) => goTo(redirectTo),
    // Expired meanwhile: the page then shows the way back.
    onError: (error) => (toApiError(error).status === 404 ? queries.resetQueries({ queryKey: ['interaction', uid] }) : undefined),
  });
  const isBusyWith = (step: Step): boolean => (next.isPending || next.isSuccess) && next.variables === step;
  return { error: next.error, isBusyWith, take: next.mutate };
}
