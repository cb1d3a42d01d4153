import { ShieldAlert, ShieldCheck, TrendingDown, TrendingUp } from 'lucide-react';
import { useState } from 'react';
import type { PolicyDataView } from '#gateway/http/contract/policy-data.ts';
import { Button } from '../../../shared/ui/button.tsx';
import { Instant, useNow } from '../../../shared/ui/time.tsx';
import { LowerThreatDialog } from './lower-threat-dialog.tsx';
import { RaiseThreatDialog } from './raise-threat-dialog.tsx';
import styles from './threat-panel.module.css';
import { threatsNow, threatWords, type Threat } from './threats.ts';

/** A level ends by itself: the page has to notice. */
const LOOK_EVERY_MS = 5_000;

/** How tense it is now, and the quick way to tighten it. Raising takes a choice and a reason; lowering shows first what it lets in. */
export function ThreatPanel({ data }: { data: PolicyDataView }) {
  const nowMs = useNow(LOOK_EVERY_MS);
  const [isRaising, setRaising] = useState(false);
  const [lowered, setLowered] = useState<Threat | null>(null);
  const threats = threatsNow(data, nowMs);
  const isRaised = threats.length > 0;
  const Icon = isRaised ? ShieldAlert : ShieldCheck;
  return (
    <section className={`${styles.threat} ${isRaised ? styles.raised : ''}`} aria-label="Threat level">
      <Icon size={22} aria-hidden />
      <div className={styles.levels}>
        {isRaised ? (
          <ul className={styles.list}>
            {threats.map((threat) => (
              <li key={threat.id}>
                <ThreatLine threat={threat} />
                {data.may.open && (
                  <Button size="small" icon={TrendingDown} onClick={() => setLowered(threat)} aria-label={`Lower, ${threat.place}`}>
                    Lower
                  </Button>
                )}
              </li>
            ))}
          </ul>
        ) : (
          <p>
            <strong>Threat level 0</strong> <span className="soft">Normal everywhere.</span>
          </p>
        )}
      </div>
      {data.may.raiseThreat && (
        <Button look={isRaised ? 'plain' : 'danger'} icon={TrendingUp} onClick={() => setRaising(true)}>
          Raise the threat level
        </Button>
      )}
      {isRaising && <RaiseThreatDialog data={data} onClose={() => setRaising(false)} />}
      {lowered !== null && <LowerThreatDialog data={data} threat={lowered} onClose={() => setLowered(null)} />}
    </section>
  );
}

function ThreatLine({ threat }: { threat: Threat }) {
  return (
    <span>
      <strong>
        Threat level {threat.level}, {threat.place}
      </strong>
      {threat.untilMs !== null && (
        <>
          {' '}
          until <Instant atMs={threat.untilMs} />
        </>
      )}
      <span className={styles.meaning}>
        {threatWords(threat.level)}
        {threat.note !== '' && ` ${threat.note}`}
      </span>
    </span>
  );
}
