import type { ReactNode } from 'react';
import type { LucideIcon } from 'lucide-react';
import type { z } from 'zod';
import type { begunSchema } from '#gateway/http/contract/reader-operations.ts';
import { ReasonDialog } from '../../shared/ui/reason-dialog.tsx';
import { FollowedOperation } from './operations-panel.tsx';

interface OrderDialogProps {
  readonly title: string;
  readonly readerId: string;
  readonly lead: string;
  readonly action: string;
  readonly icon: LucideIcon;
  /** What it needs beside the reason. */
  readonly children?: (tried: boolean) => ReactNode;
  readonly isReady?: boolean;
  readonly order: (reason: string) => Promise<z.infer<typeof begunSchema>>;
  readonly onClose: () => void;
}

/** Begins an operation on a reader with a reason, and then shows how far it is. Closing the dialog stops nothing. */
export function OrderDialog({ readerId, order, ...dialog }: OrderDialogProps) {
  return (
    <ReasonDialog
      {...dialog}
      look="primary"
      send={order}
      refresh={['reader-operations']}
      done={({ operation, decisionId }) => ({
        body: <FollowedOperation begun={operation} readerId={readerId} />,
        decisionId,
        leave: 'Close',
      })}
    />
  );
}
