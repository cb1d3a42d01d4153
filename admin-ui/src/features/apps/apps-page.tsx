import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { AppWindow, Plus } from 'lucide-react';
import type { AppRow } from '#gateway/http/contract/apps.ts';
import { sessionQuery } from '../../shared/api/queries.ts';
import { buttonClass } from '../../shared/ui/button.tsx';
import { Chip } from '../../shared/ui/chip.tsx';
import { Pending } from '../../shared/ui/loaded.tsx';
import { Page, Panel } from '../../shared/ui/page.tsx';
import { Empty } from '../../shared/ui/states.tsx';
import table from '../../shared/ui/table.module.css';
import { TableHead } from '../../shared/ui/table-head.tsx';
import { Ago } from '../../shared/ui/time.tsx';
import { appsQuery } from './app-queries.ts';
import { appState, kindName } from './app-words.ts';
import { IdentityProviderPanel } from './identity-provider-panel.tsx';
import { RegisteredClientsPanel } from './registered-clients-panel.tsx';

export function AppsPage() {
  const apps = useQuery(appsQuery);
  const session = useQuery(sessionQuery);
  const actions = session.data?.actions ?? [];
  return (
    <Page
      title="Apps"
      sub="Whatever people sign in to with their passkey. Who may is decided by access profiles, as for doors."
      actions={
        actions.includes('app.manage') && (
          <Link to="/console/add-app" className={buttonClass('primary')}>
            <Plus size={15} aria-hidden /> Add an app
          </Link>
        )
      }
    >
      <Panel>
        {apps.data === undefined ? (
          <Pending query={apps} />
        ) : apps.data.apps.length === 0 ? (
          <Empty icon={AppWindow} title="No apps yet">
            Add the first one: it takes ten minutes, sign-in included.
          </Empty>
        ) : (
          <AppTable apps={apps.data.apps} />
        )}
      </Panel>
      <IdentityProviderPanel mayRotate={actions.includes('oidc.manage')} mayRetire={actions.includes('oidc.emergency')} />
      <RegisteredClientsPanel mayRemove={actions.includes('oidc.manage')} />
    </Page>
  );
}

function AppTable({ apps }: { apps: readonly AppRow[] }) {
  return (
    <table className={table.table}>
      <TableHead columns={['App', 'State']} wide={['Kind', 'Last sign-in', 'Kept in']} />
      <tbody>
        {apps.map((app) => {
          const { tone, label } = appState(app);
          return (
            <tr key={app.id}>
              <td>
                <Link to="/console/apps/$appId" params={{ appId: app.id }} className={table.rowLink}>
                  {app.name}
                </Link>
                <div className={table.small}>{app.id}</div>
              </td>
              <td>
                <Chip tone={tone}>{label}</Chip>
              </td>
              <td className={table.wide}>{kindName(app.kind)}</td>
              <td className={table.wide}>
                {app.lastSignInAtMs === null ? <span className={table.soft}>none since the start</span> : <Ago atMs={app.lastSignInAtMs} />}
              </td>
              <td className={table.wide}>{app.source === 'file' ? 'configuration file' : 'console'}</td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}
