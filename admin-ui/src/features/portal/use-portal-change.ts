import { useMutation, useQueryClient } from '@tanstack/react-query';
import { toApiError } from '../../shared/api/api-error.ts';
import { meQuery } from '../../shared/api/queries.ts';
import { PORTAL_KEY } from './portal-queries.ts';

/** A change of the person's own things. Whatever it was, everything that is shown may be different afterwards. */
export function usePortalChange<Input, Result>(change: (input: Input) => Promise<Result>, onSuccess?: (result: Result) => void) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: change,
    onSuccess: async (result) => {
      // First what is shown, then the word that it is done: no row says for a moment what the notice denies.
      await queries.invalidateQueries({ queryKey: [PORTAL_KEY] });
      onSuccess?.(result);
    },
    // The session may have ended: then the page asks for a sign-in.
    onError: (error) => (toApiError(error).status === 401 ? queries.invalidateQueries({ queryKey: meQuery.queryKey }) : undefined),
  });
}
