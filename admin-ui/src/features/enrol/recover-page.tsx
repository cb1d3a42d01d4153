import { KeyRound } from 'lucide-react';
import { useState } from 'react';
import { PersonFrame } from '../../shared/i18n/person-frame.tsx';
import { Button } from '../../shared/ui/button.tsx';
import { Field } from '../../shared/ui/field.tsx';
import { EnrolPage } from './enrol-page.tsx';
import { readRecoveryCode } from './recovery-code.ts';
import styles from './recover-page.module.css';
import { useEnrolTexts } from './texts/use-enrol-texts.ts';

/** Where the code is typed that whoever is on duty gave. The code stays in this page: it is in no address and no history. */
export function RecoverPage() {
  const t = useEnrolTexts();
  const [typed, setTyped] = useState('');
  const [tried, setTried] = useState(false);
  const [code, setCode] = useState<string | null>(null);
  if (code !== null) return <EnrolPage token={code} />;
  const wrong = tried && readRecoveryCode(typed) === null;
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
          setCode(readRecoveryCode(typed));
        }}
      >
        <Field label={t('recover_code')} hint={t('recover_code_hint')} error={wrong ? t('recover_code_wrong') : undefined}>
          {(control) => (
            <input
              {...control}
              type="text"
              autoComplete="one-time-code"
              autoCapitalize="characters"
              spellCheck={false}
              maxLength={40}
              placeholder="XXXX-XXXX-XXXX-XXXX"
              value={typed}
              onChange={(event) => setTyped(event.target.value)}
            />
          )}
        </Field>
        <Button type="submit" look="primary" size="large" width="wide" icon={KeyRound}>
          {t('recover_go')}
        </Button>
      </form>
    </PersonFrame>
  );
}
