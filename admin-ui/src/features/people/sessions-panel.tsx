import { AppWindow, MonitorCog, ShieldCheck, SquareTerminal, type LucideIcon } from 'lucide-react';
import type { PersonDetail } from '#gateway/http/contract/admin.ts';
import { Panel } from '../../shared/ui/page.tsx';
import { Empty } from '../../shared/ui/states.tsx';
import { Ago } from '../../shared/ui/time.tsx';
import styles from './person-page.module.css';

type Session = PersonDetail['sessions'][number];

const kinds: Readonly<Record<Session['kind'], { readonly icon: LucideIcon; readonly name: string }>> = {
  provider: { icon: ShieldCheck, name: 'Gatehouse sign-in' },
  app: { icon: AppWindow, name: 'App' },
  console: { icon: MonitorCog, name: 'Console' },
  cli: { icon: SquareTerminal, name: 'Command line' },
};

export function SessionsPanel({ sessions }: { sessions: readonly Session[] }) {
  return (
    <Panel title="Live sessions">
      {sessions.length === 0 ? (
        <Empty icon={AppWindow} title="No live sessions" />
      ) : (
        <ul>
          {sessions.map((session) => {
            const { icon: Icon, name } = kinds[session.kind];
            return (
              <li key={session.id} className={styles.item}>
                <Icon size={16} aria-hidden />
                <span>
                  <strong>{session.appName ?? name}</strong>
                </span>
                <span className={styles.soft}>
                  since <Ago atMs={session.startedAtMs} />
                </span>
              </li>
            );
          })}
        </ul>
      )}
    </Panel>
  );
}
