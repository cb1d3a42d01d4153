import { useEffect, type ReactNode } from 'react';
import { BrandMark } from './brand.tsx';
import styles from './door-frame.module.css';
import { useWords } from './words.ts';

interface DoorFrameProps {
  readonly title: string;
  readonly lead?: ReactNode | undefined;
  /** Beside the name. */
  readonly corner?: ReactNode;
  readonly children?: ReactNode;
}

/** The one card of the pages outside the console: sign-in, enrolment, welcome. */
export function DoorFrame({ title, lead, corner, children }: DoorFrameProps) {
  const words = useWords();
  useEffect(() => {
    document.title = `${title} · Gatehouse`;
  }, [title]);
  return (
    <div className={styles.frame}>
      <main className={styles.card}>
        <div className={styles.brand}>
          <BrandMark /> Gatehouse
          {corner !== undefined && <span className={styles.corner}>{corner}</span>}
        </div>
        <div className="stack-s">
          <h1 className={styles.title}>{title}</h1>
          {lead !== undefined && <div className={styles.lead}>{lead}</div>}
        </div>
        {children}
      </main>
      <footer className={styles.foot}>{words.oneGate}</footer>
    </div>
  );
}
