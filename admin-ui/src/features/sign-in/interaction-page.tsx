import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Fingerprint } from 'lucide-react';
import { useEffect } from 'react';
import { assertionOptionsSchema, continueSchema, interactionSchema, type InteractionView } from '#gateway/http/contract/sign-in.ts';
import { toApiError } from '../../shared/api/api-error.ts';
import { getJson, postJson } from '../../shared/api/client.ts';
import { answerWithPasskey, type PasskeyAnswer } from '../../shared/api/passkey.ts';
import { followLanguage } from '../../shared/i18n/i18n.ts';
import { PersonFrame } from '../../shared/i18n/person-frame.tsx';
import { Button } from '../../shared/ui/button.tsx';
import { PasskeyField } from '../../shared/ui/passkey-field.tsx';
import { ProblemNotice, Skeleton } from '../../shared/ui/states.tsx';
import { DemandCard, isDemand } from './demand-card.tsx';
import { DeniedCard } from './denied-card.tsx';
import { ExpiredCard } from './expired-card.tsx';
import { FaceCard } from './face-card.tsx';
import { goTo } from './go-to.ts';
import { OutsideSignIn, useOutsideLead } from './outside-sign-in.tsx';
import { rememberOrigin } from './sign-in-origin.ts';
import { useSignInTexts } from './texts/use-sign-in-texts.ts';

/** In the language that the app asks for before it is shown. */
async function getInteraction(path: string, signal: AbortSignal): Promise<InteractionView> {
  const view = await getJson(path, interactionSchema, signal);
  if (view.language !== undefined) await followLanguage(view.language);
  return view;
}

/** What an app's user sees: the passkey prompt, a fresh check, or why it is a no and what to do. */
export function InteractionPage({ uid }: { uid: string }) {
  const t = useSignInTexts();
  const path = `/api/interaction/${encodeURIComponent(uid)}`;
  const interaction = useQuery({
    queryKey: ['interaction', uid],
    queryFn: ({ signal }) => getInteraction(path, signal),
    retry: false,
    staleTime: Infinity,
  });
  const { appName, appUrl } = interaction.data ?? {};
  useEffect(() => {
    if (appName !== undefined && appUrl !== undefined) rememberOrigin(uid, { appName, appUrl });
  }, [uid, appName, appUrl]);
  if (interaction.isPending) {
    return (
      <PersonFrame title={t('one_moment')}>
        <Skeleton lines={3} label={t('loading')} />
      </PersonFrame>
    );
  }
  if (interaction.isError) return <ExpiredCard uid={uid} error={interaction.error} onRetry={() => void interaction.refetch()} />;
  const view = interaction.data;
  if (view.prompt === 'denied' && view.denied !== null)
    return <DeniedCard path={path} uid={uid} appName={view.appName} denied={view.denied} />;
  if (view.prompt === 'face') return <FaceCard path={path} uid={uid} appName={view.appName} />;
  if (isDemand(view.prompt)) return <DemandCard path={path} uid={uid} appName={view.appName} demand={view.prompt} />;
  return <PasskeyCard path={path} uid={uid} view={view} />;
}

const leads = {
  login: 'lead',
  select_account: 'select_account',
  step_up: 'step_up_lead',
  hardware_key: 'hardware_key_lead',
} as const;

function PasskeyCard({ path, uid, view: { appName, outside, prompt } }: { path: string; uid: string; view: InteractionView }) {
  const t = useSignInTexts();
  const queries = useQueryClient();
  const isStepUp = prompt === 'step_up' || prompt === 'hardware_key';
  const begin = () => postJson(`${path}/options`, {}, assertionOptionsSchema);
  const signIn = useMutation({
    mutationFn: async (picked: PasskeyAnswer | null) =>
      postJson(`${path}/passkey`, picked ?? (await answerWithPasskey(await begin())), continueSchema),
    onSuccess: ({ redirectTo }) => goTo(redirectTo),
    // A refusal may have turned the interaction into a denied one, or it has expired: ask what the page is now.
    onError: (error) =>
      [403, 404].includes(toApiError(error).status) ? queries.resetQueries({ queryKey: ['interaction', uid] }) : undefined,
  });
  const busy = signIn.isPending || signIn.isSuccess;
  const outsideLead = useOutsideLead(outside);
  return (
    <PersonFrame
      title={isStepUp ? t('step_up_title') : t('title', { appName })}
      lead={outsideLead ?? t(prompt in leads ? leads[prompt as keyof typeof leads] : 'lead', { appName })}
    >
      {signIn.isError && <ProblemNotice error={signIn.error} />}
      {outside?.passkey !== false && (
        <form
          className="stack"
          onSubmit={(event) => {
            event.preventDefault();
            signIn.mutate(null);
          }}
        >
          <Button type="submit" look="primary" size="large" width="wide" icon={Fingerprint} busy={busy} autoFocus>
            {t(isStepUp ? 'step_up_go' : 'go_on')}
          </Button>
          {prompt === 'login' && <PasskeyField label={t('saved_passkeys')} paused={busy} begin={begin} onPick={signIn.mutate} />}
        </form>
      )}
      {outside !== undefined && <OutsideSignIn path={path} uid={uid} upstreams={outside.upstreams} />}
    </PersonFrame>
  );
}
