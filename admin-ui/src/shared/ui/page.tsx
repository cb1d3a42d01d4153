import { useEffect, type ReactNode } from 'react';
import styles from './page.module.css';

interface PageProps {
  readonly title: string;
  /** A sentence, or facts that wrap as they need. */
  readonly sub?: ReactNode;
  readonly back?: ReactNode;
  readonly actions?: ReactNode;
  readonly children: ReactNode;
}

export const backClass = styles.back;
export const columnsClass = styles.columns;

export function Page({ title, sub, back, actions, children }: PageProps) {
  useEffect(() => {
    document.title = `${title} · Gatehouse`;
  }, [title]);
  return (
    <div className={styles.page}>
      <header className={styles.head}>
        <div>
          {back}
          <h1 className={styles.title}>{title}</h1>
          {sub !== undefined && <div className={styles.sub}>{sub}</div>}
        </div>
        {actions !== undefined && <div className={styles.actions}>{actions}</div>}
      </header>
      {children}
    </div>
  );
}

interface PanelProps {
  readonly title?: string;
  readonly aside?: ReactNode;
  readonly padded?: boolean;
  readonly children: ReactNode;
}

export function Panel({ title, aside, padded = false, children }: PanelProps) {
  return (
    <section className={styles.panel} aria-label={title}>
      {title !== undefined && (
        <div className={styles.panelHead}>
          <h2 className={styles.panelTitle}>{title}</h2>
          {aside}
        </div>
      )}
      {padded ? <div className={styles.padded}>{children}</div> : children}
    </section>
  );
}
