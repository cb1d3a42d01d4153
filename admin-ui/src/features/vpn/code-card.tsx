import { RotateCcw } from 'lucide-react';
import { useEffect, useState } from 'react';
import type { VpnCodeView } from '#gateway/http/contract/vpn.ts';
import { Button } from '../../shared/ui/button.tsx';
import { CopyButton } from '../../shared/ui/copy-button.tsx';
import { DoorFrame } from '../../shared/ui/door-frame.tsx';
import { Notice } from '../../shared/ui/states.tsx';
import styles from './vpn-page.module.css';

const TICK_MS = 1_000;

interface CodeCardProps {
  readonly realmName: string;
  readonly given: Extract<VpnCodeView, { outcome: 'code' }>;
  readonly onAgain: () => void;
}

/** Name and code as the VPN client asks for them, until the code has expired. */
export function CodeCard({ realmName, given, onAgain }: CodeCardProps) {
  const leftS = useSecondsLeft(given.expiresAtMs);
  if (leftS === 0) {
    return (
      <DoorFrame title="This code has expired">
        <Notice tone="warn" role="alert">
          A code works for two minutes. If the VPN is connected already, all is well.
        </Notice>
        <Button look="primary" size="large" icon={RotateCcw} onClick={onAgain} autoFocus>
          Get a new code
        </Button>
      </DoorFrame>
    );
  }
  return (
    <DoorFrame title={`Your code for ${realmName}`} lead="Type both into the VPN client. The code works once.">
      <dl className={styles.given}>
        <dt className="soft">User name</dt>
        <dd>
          {given.userName} <CopyButton text={given.userName} label="Copy the name" />
        </dd>
        <dt className="soft">Password</dt>
        <dd>
          <span className={styles.code}>
            {given.code.slice(0, 4)} {given.code.slice(4)}
          </span>
          <CopyButton text={given.code} label="Copy the code" />
        </dd>
      </dl>
      {/* Not announced every second: the page says it when the code has expired. */}
      <p className="soft">Expires in {leftS} s.</p>
    </DoorFrame>
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
