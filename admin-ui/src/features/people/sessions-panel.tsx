import { AppWindow, EthernetPort, MonitorCog, ShieldCheck, SquareTerminal, UserRound, type LucideIcon } from 'lucide-react';
import type { PersonDetail } from '#gateway/http/contract/admin.ts';
import { ItemList } from '../../shared/ui/item-list.tsx';
import { Panel } from '../../shared/ui/page.tsx';
import { Empty } from '../../shared/ui/states.tsx';
import { Ago } from '../../shared/ui/time.tsx';

type Session = PersonDetail['sessions'][number];

const kinds: Readonly<Record<Session['kind'], { readonly icon: LucideIcon; readonly name: string }>> = {
  provider: { icon: ShieldCheck, name: 'Gatehouse sign-in' },
  app: { icon: AppWindow, name: 'App' },
  console: { icon: MonitorCog, name: 'Console' },
  portal: { icon: UserRound, name: 'My access' },
  cli: { icon: SquareTerminal, name: 'Command line' },
  vpn: { icon: EthernetPort, name: 'VPN' },
};

export function SessionsPanel({ sessions }: { sessions: readonly Session[] }) {
  return (
    <Panel title="Live sessions">
      {sessions.length === 0 ? (
        <Empty icon={AppWindow} title="No live sessions" />
      ) : (
        <ItemList
          items={sessions.map(({ id, kind, appName, startedAtMs }) => ({
            key: id,
            icon: kinds[kind].icon,
            name: appName ?? kinds[kind].name,
            aside: (
              <span className="soft">
                since <Ago atMs={startedAtMs} />
              </span>
            ),
          }))}
        />
      )}
    </Panel>
  );
}
