import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Building2 } from 'lucide-react';
import { useState } from 'react';
import { continueSchema, upstreamProblemSchema, type InteractionView, type UpstreamProblemCode } from '#gateway/http/contract/sign-in.ts';
import { toApiError } from '../../shared/api/api-error.ts';
import { postJson } from '../../shared/api/client.ts';
import { Button } from '../../shared/ui/button.tsx';
import { Notice, ProblemNotice } from '../../shared/ui/states.tsx';
import { goTo } from './go-to.ts';
import { useOutsideTexts } from './outside-texts/use-outside-texts.ts';

type Outside = NonNullable<InteractionView['outside']>;

/** Only what there is a text for is shown: the address may have been written by anybody. */
function problemOfAddress(): UpstreamProblemCode | null {
  return upstreamProblemSchema.safeParse(new URLSearchParams(location.search).get('problem')).data ?? null;
}

interface OutsideSignInProps {
  readonly path: string;
  readonly uid: string;
  readonly upstreams: Outside['upstreams'];
}

/** “Continue with …”, and why the way there led to nothing the last time. */
export function OutsideSignIn({ path, uid, upstreams }: OutsideSignInProps) {
  const t = useOutsideTexts();
  const queries = useQueryClient();
  const [problem] = useState(problemOfAddress);
  const begin = useMutation({
    mutationFn: (upstream: string) => postJson(`${path}/upstream`, { upstream }, continueSchema),
    onSuccess: ({ redirectTo }) => goTo(redirectTo),
    // Expired meanwhile: the page then shows the way back.
    onError: (error) => (toApiError(error).status === 404 ? queries.resetQueries({ queryKey: ['interaction', uid] }) : undefined),
  });
  const busy = begin.isPending || begin.isSuccess;
  return (
    <div className="stack">
      {problem !== null && !begin.isPending && (
        <Notice tone="deny" role="alert">
          <p>{t(problem)}</p>
        </Notice>
      )}
      {begin.isError && <ProblemNotice error={begin.error} />}
      {upstreams.map(({ id, name }) => (
        <Button key={id} size="large" width="wide" icon={Building2} busy={busy && begin.variables === id} onClick={() => begin.mutate(id)}>
          {t('continue_with', { name })}
        </Button>
      ))}
    </div>
  );
}

/** What the page says above, where providers outside take part; null = what it says without them. */
export function useOutsideLead(outside: Outside | undefined): string | null {
  const t = useOutsideTexts();
  if (outside === undefined) return null;
  if (outside.signedInAt !== null) return t('then_lead', { name: outside.signedInAt });
  if (outside.upstreams.length === 0) return null;
  return t(outside.passkey ? 'either_lead' : 'first_lead');
}
