import { Link } from '@tanstack/react-router';
import { GitCommitVertical, Library, TableProperties } from 'lucide-react';
import type { ReactNode } from 'react';
import styles from './policy-layout.module.css';

/** The parts of the policy: its code through its revisions, and what is data. */
const TABS = [
  { to: '/console/policy/revisions', label: 'Revisions', icon: GitCommitVertical },
  { to: '/console/policy/data', label: 'Data', icon: TableProperties },
  { to: '/console/policy/library', label: 'Library', icon: Library },
] as const;

export function PolicyLayout({ children }: { children: ReactNode }) {
  return (
    <>
      <nav className={styles.tabs} aria-label="Policy">
        {TABS.map(({ to, label, icon: Icon }) => (
          <Link key={to} to={to} activeOptions={{ includeSearch: false }} className={styles.tab}>
            <Icon size={15} aria-hidden /> {label}
          </Link>
        ))}
      </nav>
      {children}
    </>
  );
}
