import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { continueSchema } from '#gateway/http/contract/sign-in.ts';
import { toApiError } from '../../shared/api/api-error.ts';
import { postJson } from '../../shared/api/client.ts';
import { lookAtThisComputer, type DeskLookEnd } from '../../shared/api/desk-agent.ts';
import { goTo } from './go-to.ts';

/** After these the policy is asked again: it says what they are worth. */
const DECIDED: ReadonlySet<DeskLookEnd> = new Set(['verified', 'refused', 'device']);

/** Asks this computer, and goes on with the sign-in when the gateway has its answer. */
export function useDeskLook(path: string, uid: string) {
  const queries = useQueryClient();
  const [say, setSay] = useState<string | null>(null);
  const left = useRef(new AbortController());
  useEffect(() => {
    const leaving = new AbortController();
    left.current = leaving;
    return () => leaving.abort();
  }, []);
  const look = useMutation({
    mutationFn: async () => {
      const end = await lookAtThisComputer(path, { signal: left.current.signal, onSay: setSay });
      if (!DECIDED.has(end)) return end;
      const { redirectTo } = await postJson(`${path}/retry`, {}, continueSchema);
      goTo(redirectTo);
      return end;
    },
    onSettled: () => setSay(null),
    // Expired meanwhile: the page then shows the way back.
    onError: (error) => (toApiError(error).status === 404 ? queries.resetQueries({ queryKey: ['interaction', uid] }) : undefined),
  });
  const end = look.data ?? null;
  const isOn = end !== null && DECIDED.has(end);
  return { begin: () => look.mutate(), busy: look.isPending || isOn, say, error: look.error, failed: isOn ? null : end };
}
