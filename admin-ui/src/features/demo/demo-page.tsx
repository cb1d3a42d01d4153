import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { AppWindow, ArrowUpRight, MonitorCog } from 'lucide-react';
import type { DemoView } from '#gateway/http/contract/demo.ts';
import { toApiError } from '../../shared/api/api-error.ts';
import { BrandMark } from '../../shared/ui/brand.tsx';
import { buttonClass } from '../../shared/ui/button.tsx';
import { Page, Panel } from '../../shared/ui/page.tsx';
import { Empty, ErrorState, Skeleton } from '../../shared/ui/states.tsx';
import { BadgePanel } from './badge-panel.tsx';
import { demoQuery } from './demo-query.ts';
import styles from './demo.module.css';
import { MovedNetwork, NetworkSwitch } from './network-switch.tsx';

export function DemoPage() {
  const demo = useQuery(demoQuery);
  return (
    <div className={styles.shell}>
      <header className={styles.top}>
        <span className={styles.brand}>
          <BrandMark /> Gatehouse demo
        </span>
        <Link to="/console" className={buttonClass('plain')}>
          <MonitorCog size={15} aria-hidden /> Console
        </Link>
      </header>
      <main>
        <Page title="Demo site" sub={demo.data === undefined ? undefined : <Extent readers={demo.data.readers} />}>
          {demo.data !== undefined ? (
            <Demo demo={demo.data} />
          ) : (
            <Panel>{demo.isError ? <NoDemo error={demo.error} onRetry={() => void demo.refetch()} /> : <Skeleton />}</Panel>
          )}
        </Page>
      </main>
    </div>
  );
}

function Extent({ readers }: { readers: DemoView['readers'] }) {
  const count = (names: readonly string[]) => String(new Set(names).size);
  const doors = count(readers.map((reader) => `${reader.siteName}/${reader.doorName}`));
  const sites = count(readers.map((reader) => reader.siteName));
  return `${doors} doors at ${sites} sites, real OSDP lines to simulated readers, one policy.`;
}

function NoDemo({ error, onRetry }: { error: unknown; onRetry: () => void }) {
  if (toApiError(error).status !== 404) return <ErrorState error={error} onRetry={onRetry} />;
  return (
    <Empty icon={AppWindow} title="This gateway does not run the demo site">
      It guards real doors. <Link to="/console">Open the console</Link>
    </Empty>
  );
}

function Demo({ demo }: { demo: DemoView }) {
  return (
    <>
      <MovedNetwork zone={demo.networkZone} />
      <ol className={styles.steps}>
        <li>
          <strong>Open an app</strong> below that asks for presence: it refuses and names the area to badge into.
        </li>
        <li>
          <strong>Badge in</strong> there, door by door, then try the app again: it opens.
        </li>
        <li>
          <strong>Suspend</strong> the person in the console: the door refuses and the app’s session ends, within a second.
        </li>
      </ol>
      <div className={styles.columns}>
        <BadgePanel demo={demo} />
        <div className={styles.side}>
          <NetworkSwitch zone={demo.networkZone} />
          <Apps apps={demo.apps} />
        </div>
      </div>
    </>
  );
}

function Apps({ apps }: { apps: DemoView['apps'] }) {
  return (
    <Panel title="Apps">
      {apps.length === 0 ? (
        <Empty icon={AppWindow} title="No apps are configured" />
      ) : (
        <ul>
          {apps.map((app) => (
            <li key={app.id} className={styles.app}>
              <a href={app.url} target="_blank" rel="noreferrer">
                {app.name}
                <ArrowUpRight size={14} aria-label="opens in a new tab" />
              </a>
              <p>{app.description}</p>
            </li>
          ))}
        </ul>
      )}
    </Panel>
  );
}
