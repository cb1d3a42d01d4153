import { useQuery } from '@tanstack/react-query';
import { Download } from 'lucide-react';
import type { FaceTemplateRow } from '#gateway/http/contract/face.ts';
import { Button } from '../ui/button.tsx';
import { CopyButton } from '../ui/copy-button.tsx';
import { Pending } from '../ui/loaded.tsx';
import { Instant } from '../ui/time.tsx';
import { receiptQuery } from './face-queries.ts';
import styles from './faces.module.css';

/** The signed word that a template, or the key of one that is carried, is gone, and the key that anybody can check it with. */
export function ReceiptView({ template: { endedAtMs, id, storage } }: { template: FaceTemplateRow }) {
  const receipt = useQuery(receiptQuery(id));
  const isCarried = storage === 'carried';
  return (
    <>
      <p>
        {isCarried ? 'The gateway signed that it destroyed the key' : 'The terminal signed that it deleted the template'}
        {endedAtMs !== null && (
          <>
            , <Instant atMs={endedAtMs} />
          </>
        )}
        {isCarried && ': every copy is unreadable, wherever it is'}. The receipt names {id} and says nothing of the face.
      </p>
      {receipt.data === undefined ? (
        <Pending query={receipt} lines={3} />
      ) : (
        <>
          <div className={styles.code}>
            <code>{receipt.data.receipt}</code>
            <CopyButton text={receipt.data.receipt} label="Copy the receipt" size="medium" />
          </div>
          <p>{isCarried ? 'The gateway’s public key:' : 'The terminal’s public key, as it was enrolled:'}</p>
          <div className={styles.code}>
            <code>{JSON.stringify(receipt.data.publicKey)}</code>
            <CopyButton text={JSON.stringify(receipt.data.publicKey)} label="Copy the key" size="medium" />
          </div>
          <div>
            <Button icon={Download} onClick={() => save(`face-receipt-${id}.json`, { template: id, ...receipt.data })}>
              Download both
            </Button>
          </div>
        </>
      )}
    </>
  );
}

/** For whoever keeps evidence: the receipt with the key, as one file. */
function save(name: string, content: unknown): void {
  const url = URL.createObjectURL(new Blob([JSON.stringify(content, null, 2)], { type: 'application/json' }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  URL.revokeObjectURL(url);
}
