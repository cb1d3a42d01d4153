import { Link } from '@tanstack/react-router';
import { Activity, AppWindow, DoorClosed, FlaskConical, Radio, Scale, ScanFace, ScrollText, Users } from 'lucide-react';
import { BrandMark } from '../shared/ui/brand.tsx';
import styles from './console-layout.module.css';
import { CornerMenu } from './corner-menu.tsx';

export function Navigation({ person, demo }: { person: { id: string; displayName: string; roles: string[] }; demo: boolean }) {
  return (
    <nav className={styles.nav} aria-label="Console">
      <Link to="/console" className={styles.brand}>
        <BrandMark /> Gatehouse
      </Link>
      <div className={styles.links}>
        <Link to="/console" activeOptions={{ exact: true, includeSearch: false }} className={styles.link}>
          <Activity size={17} aria-hidden /> Live
        </Link>
        <Link to="/console/doors" activeOptions={{ includeSearch: false }} className={styles.link}>
          <DoorClosed size={17} aria-hidden /> Doors
        </Link>
        <Link to="/console/readers" className={styles.link}>
          <Radio size={17} aria-hidden /> Readers
        </Link>
        <Link to="/console/terminals" className={styles.link}>
          <ScanFace size={17} aria-hidden /> Terminals
        </Link>
        <Link to="/console/people" activeOptions={{ includeSearch: false }} className={styles.link}>
          <Users size={17} aria-hidden /> People
        </Link>
        <Link to="/console/apps" className={styles.link}>
          <AppWindow size={17} aria-hidden /> Apps
        </Link>
        <Link to="/console/decisions" activeOptions={{ includeSearch: false }} className={styles.link}>
          <Scale size={17} aria-hidden /> Decisions
        </Link>
        <Link to="/console/policy" activeOptions={{ includeSearch: false }} className={styles.link}>
          <ScrollText size={17} aria-hidden /> Policy
        </Link>
        {demo && (
          <Link to="/demo" className={styles.link}>
            <FlaskConical size={17} aria-hidden /> Demo
          </Link>
        )}
      </div>
      <div className={styles.spacer} />
      <CornerMenu person={person} />
    </nav>
  );
}
