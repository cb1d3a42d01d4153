import type { ReactNode } from 'react';

export interface PasskeyDialogProps {
  readonly onClose: () => void;
  /** Says on the page what came of it. */
  readonly onDone: (said: ReactNode) => void;
}
