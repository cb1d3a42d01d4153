import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Fingerprint, RotateCcw } from 'lucide-react';
import { assertionOptionsSchema, continueSchema, interactionSchema, type InteractionView } from '#gateway/http/contract/sign-in.ts';
import { toApiError } from '../../shared/api/api-error.ts';
import { getJson, postJson } from '../../shared/api/client.ts';
import { signWithPasskey } from '../../shared/api/passkey.ts';
import { Button } from '../../shared/ui/button.tsx';
import { DoorFrame } from '../../shared/ui/door-frame.tsx';
import { Notice, ProblemNotice, Skeleton } from '../../shared/ui/states.tsx';
import { DeniedCard } from './denied-card.tsx';
import { goTo } from './go-to.ts';

/** What an app's user sees: the passkey prompt, a fresh check, or why it is a no and what to do. */
export function InteractionPage({ uid }: { uid: string }) {
  const path = `/api/interaction/${encodeURIComponent(uid)}`;
  const interaction = useQuery({
    queryKey: ['interaction', uid],
    queryFn: ({ signal }) => getJson(path, interactionSchema, signal),
    retry: false,
    staleTime: Infinity,
  });
  if (interaction.isPending) {
    return (
      <DoorFrame title="One moment">
        <Skeleton lines={3} label="Loading the sign-in" />
      </DoorFrame>
    );
  }
  if (interaction.isError) return <Expired error={interaction.error} onRetry={() => void interaction.refetch()} />;
  const view = interaction.data;
  if (view.prompt === 'denied' && view.denied !== null) return <DeniedCard path={path} appName={view.appName} denied={view.denied} />;
  return <PasskeyCard path={path} uid={uid} view={view} />;
}

function PasskeyCard({ path, uid, view }: { path: string; uid: string; view: InteractionView }) {
  const queries = useQueryClient();
  const stepUp = view.prompt === 'step_up';
  const signIn = useMutation({
    mutationFn: async () => {
      const { ceremonyId, options } = await postJson(`${path}/options`, {}, assertionOptionsSchema);
      const response = await signWithPasskey(options);
      return postJson(`${path}/passkey`, { ceremonyId, response }, continueSchema);
    },
    onSuccess: ({ redirectTo }) => goTo(redirectTo),
    // A refusal may have turned the interaction into a denied one: ask what the page is now.
    onError: (error) => (toApiError(error).status === 403 ? queries.invalidateQueries({ queryKey: ['interaction', uid] }) : undefined),
  });
  return (
    <DoorFrame
      title={stepUp ? 'Confirm that it is you' : `Sign in to ${view.appName}`}
      lead={
        stepUp ? (
          <>
            <strong>{view.appName}</strong> asks for a fresh check before you go on.
          </>
        ) : (
          'Use your passkey. There is no password.'
        )
      }
    >
      {signIn.isError && <ProblemNotice error={signIn.error} />}
      <Button
        look="primary"
        size="large"
        width="wide"
        icon={Fingerprint}
        busy={signIn.isPending || signIn.isSuccess}
        onClick={() => signIn.mutate()}
        autoFocus
      >
        {stepUp ? 'Confirm with passkey' : 'Continue with passkey'}
      </Button>
    </DoorFrame>
  );
}

function Expired({ error, onRetry }: { error: unknown; onRetry: () => void }) {
  const problem = toApiError(error);
  const gone = problem.status === 404 || problem.status === 410 || problem.status === 400;
  return (
    <DoorFrame title={gone ? 'This sign-in has expired' : 'The sign-in could not be loaded'}>
      {gone ? (
        <Notice tone="warn" role="alert">
          It was left open too long, or was finished in another tab. Go back to the app and sign in again.
        </Notice>
      ) : (
        <>
          <ProblemNotice error={problem} />
          <Button icon={RotateCcw} onClick={onRetry}>
            Try again
          </Button>
        </>
      )}
    </DoorFrame>
  );
}
