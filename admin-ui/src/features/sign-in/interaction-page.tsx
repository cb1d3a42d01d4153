import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { interactionSchema, type InteractionView } from '#gateway/http/contract/sign-in.ts';
import { getJson } from '../../shared/api/client.ts';
import { followLanguage } from '../../shared/i18n/i18n.ts';
import { PersonFrame } from '../../shared/i18n/person-frame.tsx';
import { Skeleton } from '../../shared/ui/states.tsx';
import { DemandCard, isDemand } from './demand-card.tsx';
import { DeniedCard } from './denied-card.tsx';
import { ExpiredCard } from './expired-card.tsx';
import { FaceCard } from './face-card.tsx';
import { PasskeyCard } from './passkey-card.tsx';
import { rememberOrigin } from './sign-in-origin.ts';
import { useSignInTexts } from './texts/use-sign-in-texts.ts';

/** In the language that the app asks for before it is shown. */
async function getInteraction(path: string, signal: AbortSignal): Promise<InteractionView> {
  const view = await getJson(path, interactionSchema, signal);
  if (view.language !== undefined) await followLanguage(view.language);
  return view;
}

/**
 * The browser's “back” may show the page as it was left, on its way to the app. It begins anew: without what it was waiting for, and with
 * what the gateway knows of the sign-in now.
 */
function useAnewWhenBack(uid: string): void {
  const queries = useQueryClient();
  useEffect(() => {
    const onShow = ({ persisted }: PageTransitionEvent): void => {
      if (persisted) void queries.resetQueries({ queryKey: ['interaction', uid] });
    };
    addEventListener('pageshow', onShow);
    return () => removeEventListener('pageshow', onShow);
  }, [queries, uid]);
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
  useAnewWhenBack(uid);
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
