import { useEffect, useRef, type ReactNode } from 'react';
import styles from './portal.module.css';

interface SaidProps {
  /** What the words are about: each new one is said once. Null = nothing yet. */
  readonly of: unknown;
  /** `taken`: what was pressed is gone with its row, and the focus would be with it. `left`: it is still where it was. */
  readonly focus: 'taken' | 'left';
  readonly children: ReactNode;
}

/** What came of a change. The region is there before it speaks, so that it is heard. */
export function Said({ of, focus, children }: SaidProps) {
  const region = useRef<HTMLDivElement>(null);
  // An effect: the dialog that was closed with the change has given the focus back by then.
  useEffect(() => {
    if (of !== null && focus === 'taken') region.current?.focus();
  }, [of, focus]);
  return (
    <div ref={region} role="status" tabIndex={-1} className={styles.said}>
      {children}
    </div>
  );
}
