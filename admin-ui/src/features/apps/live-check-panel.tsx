import { CircleCheck, CircleDashed, Radio, TriangleAlert } from 'lucide-react';
import { Link } from '@tanstack/react-router';
import type { LiveCheckView } from '#gateway/http/contract/apps.ts';
import { Panel } from '../../shared/ui/page.tsx';
import { PersonName } from '../../shared/ui/name.tsx';
import { Skeleton } from '../../shared/ui/states.tsx';
import { Instant } from '../../shared/ui/time.tsx';
import styles from './live-check-panel.module.css';
import { useLiveCheck } from './use-live-check.ts';

const STEPS: Readonly<Record<LiveCheckView['steps'][number]['id'], string>> = {
  discovery: 'Discovery document read',
  begun: 'Sign-in begun',
  code: 'Person signed in',
  tokens: 'Tokens fetched',
};
const WEBSITE_STEPS: typeof STEPS = { ...STEPS, discovery: 'Proxy asked', tokens: 'Page passed on' };

interface LiveCheckPanelProps {
  readonly appId: string;
  readonly isWebsite: boolean;
  /** What happened before does not count. */
  readonly sinceMs: number;
}

/** Watches the app and says in plain words what is wrong, until it works. */
export function LiveCheckPanel({ appId, isWebsite, sinceMs }: LiveCheckPanelProps) {
  const { check, isLive } = useLiveCheck(appId, sinceMs);
  return (
    <Panel title="Live check" aside={<span className="soft">{isLive ? 'watching' : 'connecting'}</span>}>
      {check === null ? <Skeleton lines={3} /> : <Check check={check} words={isWebsite ? WEBSITE_STEPS : STEPS} />}
    </Panel>
  );
}

const ICONS = { waiting: Radio, under_way: Radio, problem: TriangleAlert, works: CircleCheck } as const;

function Check({ check, words }: { check: LiveCheckView; words: typeof STEPS }) {
  const Icon = ICONS[check.state];
  return (
    <div className={styles.check} data-state={check.state}>
      <div className={styles.verdict} role="status">
        <Icon size={22} aria-hidden />
        <div>
          <p className={styles.verdictTitle}>
            {check.title}
            {check.state === 'works' && check.atMs !== null && (
              <>
                {': '}
                {check.person === null ? 'a token was given' : <>{check.person.name} signed in</>} at <Instant atMs={check.atMs} />
              </>
            )}
          </p>
          <p>{check.message}</p>
          {check.state === 'problem' && check.person !== null && (
            <p>
              <PersonName id={check.person.id} />
            </p>
          )}
          {check.shown.length > 0 && <Shown shown={check.shown} />}
          {check.remedy !== '' && <p className={styles.remedy}>{check.remedy}</p>}
          {check.decisionId !== null && (
            <p>
              <Link to="/console/decisions/$decisionId" params={{ decisionId: check.decisionId }}>
                The decision, and why
              </Link>
            </p>
          )}
        </div>
      </div>
      <ol className={styles.steps}>
        {check.steps.map(({ id, doneAtMs }) => (
          <li key={id} data-done={doneAtMs !== null}>
            {doneAtMs === null ? <CircleDashed size={16} aria-hidden /> : <CircleCheck size={16} aria-hidden />}
            <span>{words[id]}</span>
            <span className="soft">{doneAtMs === null ? 'not yet' : <Instant atMs={doneAtMs} />}</span>
          </li>
        ))}
      </ol>
    </div>
  );
}

function Shown({ shown }: Pick<LiveCheckView, 'shown'>) {
  return (
    <dl className={styles.shown}>
      {shown.map(({ label, value }, index) => (
        <div key={index}>
          <dt>{label}</dt>
          <dd>
            <code>{value}</code>
          </dd>
        </div>
      ))}
    </dl>
  );
}
