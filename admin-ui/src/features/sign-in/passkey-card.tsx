import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Fingerprint, LogOut } from 'lucide-react';
import { assertionOptionsSchema, continueSchema, type InteractionView } from '#gateway/http/contract/sign-in.ts';
import { toApiError } from '../../shared/api/api-error.ts';
import { postJson } from '../../shared/api/client.ts';
import { answerWithPasskey, type PasskeyAnswer } from '../../shared/api/passkey.ts';
import { PersonFrame } from '../../shared/i18n/person-frame.tsx';
import { Button } from '../../shared/ui/button.tsx';
import { PasskeyField } from '../../shared/ui/passkey-field.tsx';
import { ProblemNotice } from '../../shared/ui/states.tsx';
import { BackToApp } from './back-to-app.tsx';
import { goTo } from './go-to.ts';
import { OutsideSignIn, useOutsideLead } from './outside-sign-in.tsx';
import { useSignInTexts } from './texts/use-sign-in-texts.ts';

const leads = {
  login: 'lead',
  select_account: 'select_account',
  step_up: 'step_up_lead',
  hardware_key: 'hardware_key_lead',
} as const;

interface Answering {
  /** That the browser offered by itself; without it, the person is asked for one. */
  readonly picked?: PasskeyAnswer;
  /** `other-passkey`: whoever is signed in on this browser is signed out. */
  readonly step?: 'passkey' | 'other-passkey';
}

/** The prompt for the passkey, and the ways on for whoever has none that fits. */
export function PasskeyCard({ path, uid, view: { appName, outside, prompt } }: { path: string; uid: string; view: InteractionView }) {
  const t = useSignInTexts();
  const queries = useQueryClient();
  const isStepUp = prompt === 'step_up' || prompt === 'hardware_key';
  const begin = () => postJson(`${path}/options`, {}, assertionOptionsSchema);
  const signIn = useMutation({
    mutationFn: async ({ picked, step = 'passkey' }: Answering) =>
      postJson(`${path}/${step}`, picked ?? (await answerWithPasskey(await begin())), continueSchema),
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
      {isStepUp && toApiError(signIn.error).code === 'sign_in.other_person' && (
        <div className="stack-s">
          <p>{t('other_lead')}</p>
          <Button width="wide" icon={LogOut} onClick={() => signIn.mutate({ step: 'other-passkey' })}>
            {t('other_go')}
          </Button>
        </div>
      )}
      {outside?.passkey !== false && (
        <form
          className="stack"
          onSubmit={(event) => {
            event.preventDefault();
            signIn.mutate({});
          }}
        >
          <Button type="submit" look="primary" size="large" width="wide" icon={Fingerprint} busy={busy} autoFocus>
            {t(isStepUp ? 'step_up_go' : 'go_on')}
          </Button>
          {prompt === 'login' && (
            <PasskeyField label={t('saved_passkeys')} paused={busy} begin={begin} onPick={(picked) => signIn.mutate({ picked })} />
          )}
        </form>
      )}
      {outside !== undefined && <OutsideSignIn path={path} uid={uid} upstreams={outside.upstreams} />}
      <BackToApp path={path} uid={uid} />
      {prompt === 'hardware_key' ? (
        <p>
          {t('hardware_key_none')} <Link to="/me/passkeys">{t('to_passkeys')}</Link>
        </p>
      ) : (
        <p>
          <Link to="/recover">{t('lost_passkey')}</Link>
        </p>
      )}
    </PersonFrame>
  );
}
