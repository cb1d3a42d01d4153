import { Link } from '@tanstack/react-router';
import { Panel } from '../../shared/ui/page.tsx';
import { Notice, ProblemNotice } from '../../shared/ui/states.tsx';
import type { Added } from './add-app.ts';
import styles from './apps.module.css';
import { LiveCheckPanel } from './live-check-panel.tsx';
import { SecretBox } from './secret-box.tsx';
import { SettingsPanel } from './settings-panel.tsx';

/** What the app needs to know, and whether it works. */
export function AddedStep({ added }: { added: Added }) {
  const { app, atMs, grantFailure, secret } = added;
  const isWebsite = app.kind === 'website';
  return (
    <>
      {grantFailure !== null && (
        <Notice tone="warn" role="alert">
          <p>The app is there, and nobody may use it yet: the access profiles were not changed.</p>
          <ProblemNotice error={grantFailure} />
        </Notice>
      )}
      <LiveCheckPanel appId={app.id} isWebsite={isWebsite} sinceMs={atMs} />
      {!isWebsite && (
        <Panel title="What the app is told">
          <SecretBox clientId={app.clientId} secret={secret} />
        </Panel>
      )}
      <SettingsPanel appId={app.id} secret={secret} />
      <p className={styles.buttons}>
        <Link to="/console/apps/$appId" params={{ appId: app.id }}>
          Go to the app’s page
        </Link>
      </p>
    </>
  );
}
