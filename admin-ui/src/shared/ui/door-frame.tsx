import { useEffect, type ReactNode } from 'react';
import { BrandMark } from './brand.tsx';
import styles from './door-frame.module.css';

/** The one card of the pages outside the console: sign-in, enrolment, welcome. */
export function DoorFrame({ title, lead, children }: { title: string; lead?: ReactNode; children?: ReactNode }) {
  useEffect(() => {
    document.title = `${title} · Gatehouse`;
  }, [title]);
  return (
    <div className={styles.frame}>
      <main className={styles.card}>
        <div className={styles.brand}>
          <BrandMark /> Gatehouse
        </div>
        <div className="stack-s">
          <h1 className={styles.title}>{title}</h1>
          {lead !== undefined && <div className={styles.lead}>{lead}</div>}
        </div>
        {children}
      </main>
      <footer className={styles.foot}>Every attempt is decided by one policy and written to one log.</footer>
    </div>
  );
}
