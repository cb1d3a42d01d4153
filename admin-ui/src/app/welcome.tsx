import { useQuery } from '@tanstack/react-query';
import { Link, Navigate } from '@tanstack/react-router';
import { ArrowRight, FlaskConical, MonitorCog } from 'lucide-react';
import { sessionQuery } from '../shared/api/queries.ts';
import { DoorFrame } from '../shared/ui/door-frame.tsx';
import { ErrorState, Skeleton } from '../shared/ui/states.tsx';
import styles from './welcome.module.css';

/** The start: the console, or on the demo site the choice between it and the demo. */
export function Welcome() {
  const session = useQuery(sessionQuery);
  if (session.data === undefined) {
    return (
      <DoorFrame title="Gatehouse">
        {session.isError ? <ErrorState error={session.error} onRetry={() => void session.refetch()} /> : <Skeleton lines={3} />}
      </DoorFrame>
    );
  }
  if (!session.data.demo || session.data.person !== null) return <Navigate to="/console" replace />;
  return (
    <DoorFrame title="Where to?" lead="This gateway runs its demo site: nothing real is behind these doors.">
      <nav className={styles.choices} aria-label="Start">
        <Link to="/demo" className={styles.choice}>
          <FlaskConical size={22} aria-hidden />
          <span>
            <strong>Demo site</strong>
            Badge at simulated readers and sign in to apps.
          </span>
          <ArrowRight size={16} aria-hidden />
        </Link>
        <Link to="/console" className={styles.choice}>
          <MonitorCog size={22} aria-hidden />
          <span>
            <strong>Console</strong>
            Watch, explain and close access, with your passkey.
          </span>
          <ArrowRight size={16} aria-hidden />
        </Link>
      </nav>
    </DoorFrame>
  );
}
