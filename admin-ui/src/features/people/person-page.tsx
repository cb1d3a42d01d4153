import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { ArrowLeft } from 'lucide-react';
import type { ReactNode } from 'react';
import type { PersonDetail } from '#gateway/http/contract/admin.ts';
import { sessionQuery } from '../../shared/api/queries.ts';
import { LogPanel } from '../../shared/log/log-panel.tsx';
import { Pending } from '../../shared/ui/loaded.tsx';
import { backClass, columnsClass, Page, Panel } from '../../shared/ui/page.tsx';
import { AccessPanel } from './access-panel.tsx';
import { ComputersPanel } from './computers-panel.tsx';
import { CredentialsPanel } from './credentials-panel.tsx';
import { FacesPanel } from './faces-panel.tsx';
import { personQuery } from './people-query.ts';
import styles from './person-page.module.css';
import { PresenceText } from './presence-text.tsx';
import { SessionsPanel } from './sessions-panel.tsx';
import { StandingPanel } from './standing-panel.tsx';

export function PersonPage({ personId }: { personId: string }) {
  const detail = useQuery(personQuery(personId));
  if (detail.data !== undefined) return <KnownPerson detail={detail.data} />;
  return (
    <Page title="Person" back={<BackLink />}>
      <Panel>
        <Pending query={detail} lines={8} />
      </Panel>
    </Page>
  );
}

function BackLink() {
  return (
    <Link to="/console/people" className={backClass}>
      <ArrowLeft size={14} aria-hidden /> People
    </Link>
  );
}

function KnownPerson({ detail }: { detail: PersonDetail }) {
  const { person } = detail;
  const session = useQuery(sessionQuery);
  const actions = session.data?.actions ?? [];
  return (
    <Page
      title={person.displayName}
      back={<BackLink />}
      sub={
        <>
          <PresenceText presence={person.presence} />
          {person.email !== null && <span>{person.email}</span>}
        </>
      }
    >
      <StandingPanel detail={detail} operatorId={session.data?.person?.id ?? ''} actions={actions} />
      <AccessPanel access={detail.access} standing={person.standing} />
      <div className={columnsClass}>
        <CredentialsPanel detail={detail} actions={actions} />
        <FacesPanel detail={detail} actions={actions} />
        <ComputersPanel person={person} actions={actions} />
        <SessionsPanel sessions={detail.sessions} />
      </div>
      <LogPanel title="Recent" filter={{ person: person.id, limit: 25 }} empty="Nothing recorded about this person yet" />
      <Panel title="Record">
        <dl className={styles.facts}>
          <Fact name="Identifier">
            <code>{person.id}</code>
          </Fact>
          <Fact name="Groups">{person.groups.join(', ') || 'none'}</Fact>
          <Fact name="Operator roles">{person.roles.join(', ') || 'none'}</Fact>
          <Fact name="Clearance">{person.clearance} of 5</Fact>
        </dl>
      </Panel>
    </Page>
  );
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}
