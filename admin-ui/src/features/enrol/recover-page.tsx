import { useMutation } from '@tanstack/react-query';
import { KeyRound } from 'lucide-react';
import { useRef, useState } from 'react';
import { enrolmentOptionsSchema } from '#gateway/http/contract/sign-in.ts';
import { postJson } from '../../shared/api/client.ts';
import { PersonFrame } from '../../shared/i18n/person-frame.tsx';
import { Button } from '../../shared/ui/button.tsx';
import { Field } from '../../shared/ui/field.tsx';
import { ProblemNotice } from '../../shared/ui/states.tsx';
import { isRefused } from './is-refused.ts';
import { OfferCard } from './offer-card.tsx';
import { readRecoveryCode } from './recovery-code.ts';
import styles from './recover-page.module.css';
import { useEnrolTexts } from './texts/use-enrol-texts.ts';

/** Where the code is typed that whoever is on duty gave. The code stays in this page: it is in no address and no history. */
export function RecoverPage() {
  const t = useEnrolTexts();
  const input = useRef<HTMLInputElement>(null);
  const [typed, setTyped] = useState('');
  const [tried, setTried] = useState(false);
  const begin = useMutation({
    mutationFn: (token: string) => postJson('/api/enrolment/options', { token }, enrolmentOptionsSchema),
    gcTime: 0,
    onError: () => input.current?.focus(),
  });
  const code = readRecoveryCode(typed);
  if (begin.isSuccess) return <OfferCard offer={begin.data} by="code" onAgain={() => begin.mutate(begin.variables)} />;
  const wasRefused = begin.isError && isRefused(begin.error);
  const wrong = tried && code === null ? t('recover_code_wrong') : wasRefused ? t('recover_code_refused') : undefined;
  return (
    <PersonFrame title={t('recover_title')} lead={t('recover_lead')}>
      <ol className={styles.steps}>
        <li>{t('recover_step_badge')}</li>
        <li>{t('recover_step_ask')}</li>
        <li>{t('recover_step_type')}</li>
      </ol>
      <form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault();
          setTried(true);
          if (begin.isPending) return;
          if (code === null) input.current?.focus();
          else begin.mutate(code);
        }}
      >
        <Field label={t('recover_code')} hint={t('recover_code_hint')} error={wrong}>
          {(control) => (
            <input
              {...control}
              ref={input}
              type="text"
              autoComplete="one-time-code"
              autoCapitalize="characters"
              spellCheck={false}
              maxLength={40}
              placeholder="XXXX-XXXX-XXXX-XXXX"
              value={typed}
              onChange={(event) => {
                setTyped(event.target.value);
                if (begin.isError) begin.reset();
              }}
            />
          )}
        </Field>
        {begin.isError && !wasRefused && <ProblemNotice error={begin.error} />}
        <Button type="submit" look="primary" size="large" width="wide" icon={KeyRound} busy={begin.isPending}>
          {t('recover_go')}
        </Button>
      </form>
    </PersonFrame>
  );
}
