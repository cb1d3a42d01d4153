import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Fingerprint } from 'lucide-react';
import { meSchema } from '#gateway/http/contract/me.ts';
import { assertionOptionsSchema } from '#gateway/http/contract/sign-in.ts';
import { postJson } from '../../shared/api/client.ts';
import { answerWithPasskey, type PasskeyAnswer } from '../../shared/api/passkey.ts';
import { meQuery } from '../../shared/api/queries.ts';
import { PersonFrame } from '../../shared/i18n/person-frame.tsx';
import { Button } from '../../shared/ui/button.tsx';
import { PasskeyField } from '../../shared/ui/passkey-field.tsx';
import { ProblemNotice } from '../../shared/ui/states.tsx';
import { PORTAL_KEY } from './portal-queries.ts';
import { usePortalTexts } from './texts/use-portal-texts.ts';

const begin = () => postJson('/api/me/session/options', {}, assertionOptionsSchema);

/** Stands in for any page of the portal while nobody is signed in, so that the address leads on afterwards. */
export function PortalSignIn() {
  const t = usePortalTexts();
  const queries = useQueryClient();
  const signIn = useMutation({
    mutationFn: async (picked: PasskeyAnswer | null) =>
      postJson('/api/me/session', picked ?? (await answerWithPasskey(await begin())), meSchema),
    onSuccess: (me) => {
      queries.removeQueries({ queryKey: [PORTAL_KEY] });
      queries.setQueryData(meQuery.queryKey, me);
    },
  });
  return (
    <PersonFrame title={t('sign_in_title')} lead={t('sign_in_lead')}>
      {signIn.isError && <ProblemNotice error={signIn.error} />}
      <form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault();
          signIn.mutate(null);
        }}
      >
        <Button type="submit" look="primary" size="large" width="wide" icon={Fingerprint} busy={signIn.isPending} autoFocus>
          {t('sign_in_go')}
        </Button>
        <PasskeyField label={t('saved_passkeys')} paused={signIn.isPending} begin={begin} onPick={signIn.mutate} />
      </form>
      <p>
        <Link to="/recover">{t('lost_passkey')}</Link>
      </p>
    </PersonFrame>
  );
}
