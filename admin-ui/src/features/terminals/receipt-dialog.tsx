import { useQuery } from '@tanstack/react-query';
import type { FaceTemplateRow } from '#gateway/http/contract/face.ts';
import { Button } from '../../shared/ui/button.tsx';
import { CopyButton } from '../../shared/ui/copy-button.tsx';
import { Dialog, DialogActions } from '../../shared/ui/dialog.tsx';
import { ProblemNotice, Skeleton } from '../../shared/ui/states.tsx';
import { Instant } from '../../shared/ui/time.tsx';
import { receiptQuery } from './terminal-queries.ts';
import styles from './terminals.module.css';

/** The terminal's own word that a template is gone, and the key that anybody can check it with. */
export function ReceiptDialog({ template, onClose }: { template: FaceTemplateRow; onClose: () => void }) {
  const receipt = useQuery(receiptQuery(template.id));
  return (
    <Dialog title="Receipt of a deletion" onClose={onClose}>
      <p>
        Signed by the terminal (ES256)
        {template.endedAtMs !== null && (
          <>
            , <Instant atMs={template.endedAtMs} />
          </>
        )}
        . It names the template {template.id} and says nothing of the face.
      </p>
      {receipt.data === undefined ? (
        receipt.isError ? (
          <ProblemNotice error={receipt.error} />
        ) : (
          <Skeleton />
        )
      ) : (
        <>
          <div className={styles.code}>
            <code>{receipt.data.receipt}</code>
            <CopyButton text={receipt.data.receipt} label="Copy the receipt" size="medium" />
          </div>
          <p>The terminal&apos;s public key, as it was enrolled:</p>
          <div className={styles.code}>
            <code>{JSON.stringify(receipt.data.publicKey)}</code>
            <CopyButton text={JSON.stringify(receipt.data.publicKey)} label="Copy the key" size="medium" />
          </div>
        </>
      )}
      <DialogActions>
        <Button look="primary" onClick={onClose}>
          Close
        </Button>
      </DialogActions>
    </Dialog>
  );
}
