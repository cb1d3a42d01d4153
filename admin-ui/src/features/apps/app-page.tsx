import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { ArrowLeft } from 'lucide-react';
import { useState } from 'react';
import type { AppDetail } from '#gateway/http/contract/apps.ts';
import { sessionQuery } from '../../shared/api/queries.ts';
import { LogPanel } from '../../shared/log/log-panel.tsx';
import { Chip } from '../../shared/ui/chip.tsx';
import { Pending } from '../../shared/ui/loaded.tsx';
import { backClass, columnsClass, Page, Panel } from '../../shared/ui/page.tsx';
import { Notice } from '../../shared/ui/states.tsx';
import { AppButtons } from './app-buttons.tsx';
import { AppFacts } from './app-facts.tsx';
import { appQuery } from './app-queries.ts';
import { kindName } from './app-words.ts';
import styles from './apps.module.css';
import { LiveCheckPanel } from './live-check-panel.tsx';
import { SettingsPanel } from './settings-panel.tsx';
import { WhoCanUsePanel } from './who-can-use-panel.tsx';

const RECORDS_SHOWN = 10;

export function AppPage({ appId }: { appId: string }) {
  const answer = useQuery(appQuery(appId));
  if (answer.data !== undefined) return <KnownApp app={answer.data} />;
  return (
    <Page title="App" back={<BackLink />}>
      <Panel>
        <Pending query={answer} />
      </Panel>
    </Page>
  );
}

function BackLink() {
  return (
    <Link to="/console/apps" className={backClass}>
      <ArrowLeft size={14} aria-hidden /> Apps
    </Link>
  );
}

function KnownApp({ app }: { app: AppDetail }) {
  const session = useQuery(sessionQuery);
  // A secret that was made on this page fills the settings until the page is left.
  const [secret, setSecret] = useState<string | null>(null);
  const mayManage = session.data?.actions.includes('app.manage') === true && app.source === 'added';
  const isWebsite = app.kind === 'website';
  return (
    <Page
      title={app.name}
      back={<BackLink />}
      sub={
        <>
          <Chip tone={app.isEnabled ? 'ok' : 'unknown'}>{app.isEnabled ? 'Switched on' : 'Switched off'}</Chip>
          <span>{kindName(app.kind)}</span>
          <code>{app.id}</code>
        </>
      }
      actions={mayManage && <AppButtons app={app} onSecret={setSecret} />}
    >
      {app.source === 'file' && (
        <Notice tone="info">
          <p>This app is of the configuration file and is changed there.</p>
        </Notice>
      )}
      <div className={columnsClass}>
        <div className={styles.column}>
          <LiveCheckPanel appId={app.id} isWebsite={isWebsite} sinceMs={0} />
          <AppFacts app={app} />
        </div>
        <div className={styles.column}>
          {app.kind !== 'machine' && <WhoCanUsePanel appId={app.id} />}
          <LogPanel
            title="Recently at this app"
            filter={{ resource: app.id, types: ['session', 'decision'], limit: RECORDS_SHOWN }}
            empty="Nothing has happened yet"
          />
        </div>
      </div>
      <SettingsPanel appId={app.id} secret={secret} />
    </Page>
  );
}
