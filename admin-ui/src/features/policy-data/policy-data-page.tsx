import { useQuery } from '@tanstack/react-query';
import type { PolicyDataView } from '#gateway/http/contract/policy-data.ts';
import { Pending } from '../../shared/ui/loaded.tsx';
import { Page, Panel } from '../../shared/ui/page.tsx';
import { Notice } from '../../shared/ui/states.tsx';
import { AreasPanel } from './areas-panel.tsx';
import { policyDataQuery } from './data-queries.ts';
import { DATA_VIEWS, type DataViewName } from './data-views.ts';
import { ExceptionsPanel } from './grants/exceptions-panel.tsx';
import { GrantsPanel } from './grants/grants-panel.tsx';
import { HistoryPanel } from './versions/history-panel.tsx';
import { HolidaysPanel } from './schedules/holidays-panel.tsx';
import { partNames } from './part-words.ts';
import styles from './policy-data-page.module.css';
import { ProfilesPanel } from './grants/profiles-panel.tsx';
import { SchedulesPanel } from './schedules/schedules-panel.tsx';
import { SeenPanel } from './versions/seen-panel.tsx';
import { ThreatPanel } from './threat/threat-panel.tsx';

interface PolicyDataPageProps {
  readonly view: DataViewName;
  readonly onView: (view: DataViewName) => void;
}

/** Everyday policy: what is data, so that nobody has to write a rule for it. */
export function PolicyDataPage({ view, onView }: PolicyDataPageProps) {
  const data = useQuery(policyDataQuery);
  return (
    <Page
      title="Policy data"
      sub={
        data.data === undefined ? (
          'What the policy reads beside its rules.'
        ) : (
          <>
            <span>Version {data.data.version}</span>
            <code>{data.data.dataRevision.slice(0, 12)}</code>
          </>
        )
      }
    >
      {data.data !== undefined ? (
        <Loaded data={data.data} view={view} onView={onView} />
      ) : (
        <Panel>
          <Pending query={data} lines={8} />
        </Panel>
      )}
    </Page>
  );
}

function Loaded({ data, view, onView }: PolicyDataPageProps & { readonly data: PolicyDataView }) {
  return (
    <>
      <ThreatPanel data={data} />
      {!data.may.edit && <Notice tone="info">You see what the policy reads. Your role does not change it.</Notice>}
      <div className={styles.switch} role="group" aria-label="Part">
        {DATA_VIEWS.map((name) => (
          <button key={name} type="button" aria-pressed={view === name} onClick={() => onView(name)}>
            {name === 'history' ? 'History' : partNames[name]}
          </button>
        ))}
      </div>
      <View data={data} view={view} />
      {view !== 'history' && <SeenPanel key={view} part={view} />}
    </>
  );
}

function View({ data, view }: { data: PolicyDataView; view: DataViewName }) {
  switch (view) {
    case 'grants':
      return <GrantsPanel data={data} />;
    case 'profiles':
      return <ProfilesPanel data={data} />;
    case 'schedules':
      return <SchedulesPanel data={data} />;
    case 'holidays':
      return <HolidaysPanel data={data} />;
    case 'areas':
      return <AreasPanel data={data} />;
    case 'exceptions':
      return <ExceptionsPanel data={data} />;
    case 'history':
      return <HistoryPanel data={data} />;
  }
}
