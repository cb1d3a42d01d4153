import { Link } from '@tanstack/react-router';
import { AppWindow, DoorClosed, KeyRound, Network } from 'lucide-react';
import type { PersonDetail } from '#gateway/http/contract/admin.ts';
import { Panel } from '../../shared/ui/page.tsx';
import { Empty } from '../../shared/ui/states.tsx';
import styles from './person-page.module.css';

type Profile = PersonDetail['access'][number];
type Resource = Profile['resources'][number];

/** Doors and systems side by side: they are granted and withdrawn together. */
export function AccessPanel({ access, standing }: { access: readonly Profile[]; standing: PersonDetail['person']['standing'] }) {
  const closed = standing === 'suspended' || standing === 'departed';
  return (
    <Panel title="Access" aside={closed && <span className="soft">granted, but closed by the standing</span>}>
      {access.length === 0 ? (
        <Empty icon={KeyRound} title="No access is granted" />
      ) : (
        <>
          <div className={styles.halves} aria-hidden>
            <span>Profile</span>
            <span>Doors</span>
            <span>Systems</span>
          </div>
          <ul className={styles.profiles}>
            {access.map((profile) => (
              <li key={profile.profile} className={`${styles.profile} ${closed ? styles.closed : ''}`}>
                <h3 className={styles.profileName}>{profile.profile}</h3>
                <Half label="Doors" resources={profile.resources.filter((resource) => resource.kind === 'door')} />
                <Half label="Systems" resources={profile.resources.filter((resource) => resource.kind !== 'door')} />
              </li>
            ))}
          </ul>
        </>
      )}
    </Panel>
  );
}

function Half({ label, resources }: { label: string; resources: readonly Resource[] }) {
  if (resources.length === 0) return <span className="soft">no {label.toLowerCase()}</span>;
  return (
    <ul className={styles.half} aria-label={label}>
      {resources.map((resource) => (
        <li key={`${resource.kind}/${resource.id}`}>
          {resource.kind === 'door' ? (
            <Link to="/console/doors/$doorId" params={{ doorId: resource.id }} className={styles.resource}>
              <DoorClosed size={13} aria-label="Door" /> {resource.name}
            </Link>
          ) : (
            <span className={styles.resource}>
              {resource.kind === 'app' ? <AppWindow size={13} aria-label="App" /> : <Network size={13} aria-label="VPN realm" />}{' '}
              {resource.name}
            </span>
          )}
        </li>
      ))}
    </ul>
  );
}
