import { RotateCcw } from 'lucide-react';
import { useEffect, useState } from 'react';
import type { VpnCodeView } from '#gateway/http/contract/vpn.ts';
import { PersonFrame } from '../../shared/i18n/person-frame.tsx';
import { Button } from '../../shared/ui/button.tsx';
import { CopyButton } from '../../shared/ui/copy-button.tsx';
import { Notice } from '../../shared/ui/states.tsx';
import { useVpnTexts } from './texts/use-vpn-texts.ts';
import styles from './vpn-page.module.css';

const TICK_MS = 1_000;

interface CodeCardProps {
  readonly realmName: string;
  readonly given: Extract<VpnCodeView, { outcome: 'code' }>;
  readonly onAgain: () => void;
}

/** Name and code as the VPN client asks for them, until the code has expired. */
export function CodeCard({ realmName, given, onAgain }: CodeCardProps) {
  const t = useVpnTexts();
  const leftS = useSecondsLeft(given.expiresAtMs);
  if (leftS === 0) {
    return (
      <PersonFrame title={t('code_expired')}>
        <Notice tone="warn" role="alert">
          {t('code_expired_lead')}
        </Notice>
        <Button look="primary" size="large" icon={RotateCcw} onClick={onAgain} autoFocus>
          {t('new_code')}
        </Button>
      </PersonFrame>
    );
  }
  return (
    <PersonFrame title={t('code_title', { realmName })} lead={t('code_lead')}>
      <dl className={styles.given}>
        <dt className="soft">{t('user_name')}</dt>
        <dd>
          {given.userName} <CopyButton text={given.userName} label={t('copy_name')} />
        </dd>
        <dt className="soft">{t('password')}</dt>
        <dd>
          <span className={styles.code}>
            {given.code.slice(0, 4)} {given.code.slice(4)}
          </span>
          <CopyButton text={given.code} label={t('copy_code')} />
        </dd>
      </dl>
      {/* Not announced every second: the page says it when the code has expired. */}
      <p className="soft">{t('expires_in', { seconds: leftS })}</p>
    </PersonFrame>
  );
}

function useSecondsLeft(untilMs: number): number {
  const [nowMs, setNowMs] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNowMs(Date.now()), TICK_MS);
    return () => clearInterval(timer);
  }, []);
  return Math.max(0, Math.ceil((untilMs - nowMs) / 1_000));
}
