import { X } from 'lucide-react';
import { useId, useLayoutEffect, useRef, type ReactNode } from 'react';
import styles from './dialog.module.css';
import { useWords } from './words.ts';

interface DialogProps {
  readonly title: string;
  /** `screen`: all of it, white in any colour scheme, for what a camera reads. */
  readonly size?: 'window' | 'screen';
  readonly onClose: () => void;
  readonly children: ReactNode;
}

/**
 * The browser's own modal dialog: it traps focus, makes the page inert, closes on Esc and gives the focus back, and unlike the
 * libraries it injects no style element, which the content security policy would refuse. Mounted = open.
 */
export function Dialog({ title, onClose, children, size = 'window' }: DialogProps) {
  const words = useWords();
  const ref = useRef<HTMLDialogElement>(null);
  const titleId = useId();
  // A layout effect, since its clean-up still finds the dialog in the page: only then does closing give the focus back.
  useLayoutEffect(() => {
    const dialog = ref.current;
    if (dialog === null) return undefined;
    if (!dialog.open) dialog.showModal();
    // React's autoFocus acts before the dialog is shown, when nothing in it can have the focus yet.
    dialog.querySelector<HTMLElement>('[data-initial-focus]')?.focus();
    return () => {
      dialog.close();
      // What opened it may be gone, as after a suspension.
      if (document.activeElement === document.body) document.getElementById('main')?.focus();
    };
  }, []);
  return (
    <dialog
      ref={ref}
      className={size === 'screen' ? `${styles.dialog} ${styles.screen}` : styles.dialog}
      aria-labelledby={titleId}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
    >
      <div className={styles.head}>
        <h2 id={titleId} className={styles.title}>
          {title}
        </h2>
        <button type="button" className={styles.close} aria-label={words.close} onClick={onClose}>
          <X size={18} aria-hidden />
        </button>
      </div>
      <div className={styles.body}>{children}</div>
    </dialog>
  );
}

export function DialogActions({ children }: { children: ReactNode }) {
  return <div className={styles.actions}>{children}</div>;
}
