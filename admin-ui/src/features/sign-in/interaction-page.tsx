import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Fingerprint } from 'lucide-react';
import { useEffect } from 'react';
import { assertionOptionsSchema, continueSchema, interactionSchema, type InteractionView } from '#gateway/http/contract/sign-in.ts';
import { toApiError } from '../../shared/api/api-error.ts';
import { getJson, postJson } from '../../shared/api/client.ts';
import { signWithPasskey } from '../../shared/api/passkey.ts';
import { Button } from '../../shared/ui/button.tsx';
import { DoorFrame } from '../../shared/ui/door-frame.tsx';
import { ProblemNotice, Skeleton } from '../../shared/ui/states.tsx';
import { DemandCard, isDemand } from './demand-card.tsx';
import { DeniedCard } from './denied-card.tsx';
import { ExpiredCard } from './expired-card.tsx';
import { goTo } from './go-to.ts';
import { rememberOrigin } from './sign-in-origin.ts';

/** What an app's user sees: the passkey prompt, a fresh check, or why it is a no and what to do. */
export function InteractionPage({ uid }: { uid: string }) {
  const path = `/api/interaction/${encodeURIComponent(uid)}`;
  const interaction = useQuery({
    queryKey: ['interaction', uid],
    queryFn: ({ signal }) => getJson(path, interactionSchema, signal),
    retry: false,
    staleTime: Infinity,
  });
  const { appName, appUrl } = interaction.data ?? {};
  useEffect(() => {
    if (appName !== undefined && appUrl !== undefined) rememberOrigin(uid, { appName, appUrl });
  }, [uid, appName, appUrl]);
  if (interaction.isPending) {
    return (
      <DoorFrame title="One moment">
        <Skeleton lines={3} label="Loading the sign-in" />
      </DoorFrame>
    );
  }
  if (interaction.isError) return <ExpiredCard uid={uid} error={interaction.error} onRetry={() => void interaction.refetch()} />;
  const view = interaction.data;
  if (view.prompt === 'denied' && view.denied !== null)
    return <DeniedCard path={path} uid={uid} appName={view.appName} denied={view.denied} />;
  if (isDemand(view.prompt)) return <DemandCard path={path} uid={uid} appName={view.appName} demand={view.prompt} />;
  return <PasskeyCard path={path} uid={uid} view={view} />;
}

function PasskeyCard({ path, uid, view }: { path: string; uid: string; view: InteractionView }) {
  const queries = useQueryClient();
  const stepUp = view.prompt === 'step_up' || view.prompt === 'hardware_key';
  const signIn = useMutation({
    mutationFn: async () => {
      const { ceremonyId, options } = await postJson(`${path}/options`, {}, assertionOptionsSchema);
      const response = await signWithPasskey(options);
      return postJson(`${path}/passkey`, { ceremonyId, response }, continueSchema);
    },
    onSuccess: ({ redirectTo }) => goTo(redirectTo),
    // A refusal may have turned the interaction into a denied one, or it has expired: ask what the page is now.
    onError: (error) =>
      [403, 404].includes(toApiError(error).status) ? queries.resetQueries({ queryKey: ['interaction', uid] }) : undefined,
  });
  return (
    <DoorFrame
      title={stepUp ? 'Confirm that it is you' : `Sign in to ${view.appName}`}
      lead={
        view.prompt === 'hardware_key' ? (
          <>
            <strong>{view.appName}</strong> asks for a security key, or a passkey that never leaves its device.
          </>
        ) : stepUp ? (
          <>
            <strong>{view.appName}</strong> asks for a fresh check before you go on.
          </>
        ) : view.prompt === 'select_account' ? (
          'Choose whose passkey to use.'
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
