import { useQuery } from '@tanstack/react-query';
import { Outlet } from '@tanstack/react-router';
import { ConsoleSignIn } from '../features/sign-in/console-sign-in.tsx';
import { sessionQuery } from '../shared/api/queries.ts';
import { DoorFrame } from '../shared/ui/door-frame.tsx';
import { Pending } from '../shared/ui/loaded.tsx';
import { SkipLink } from '../shared/ui/skip-link.tsx';
import styles from './console-layout.module.css';
import { LiveProvider } from './live-provider.tsx';
import { Navigation } from './navigation.tsx';
import { StatusLine } from './status-line.tsx';
import { useSearchShortcut } from './use-search-shortcut.ts';

/** The frame of every console page. Without a session it is the sign-in; the address stays, so that it leads on afterwards. */
export function ConsoleLayout() {
  const session = useQuery(sessionQuery);
  if (session.data === undefined) {
    return (
      <DoorFrame title="Console">
        <Pending query={session} lines={3} />
      </DoorFrame>
    );
  }
  if (session.data.person === null) return <ConsoleSignIn demo={session.data.demo} />;
  return (
    <LiveProvider key={session.data.person.id}>
      <Frame person={session.data.person} demo={session.data.demo} />
    </LiveProvider>
  );
}

function Frame({ person, demo }: { person: { id: string; displayName: string; roles: string[] }; demo: boolean }) {
  useSearchShortcut();
  return (
    <div className={styles.frame}>
      <SkipLink text="Skip to the content" />
      <Navigation person={person} demo={demo} />
      <main id="main" className={styles.main} tabIndex={-1}>
        <Outlet />
      </main>
      <StatusLine />
    </div>
  );
}
