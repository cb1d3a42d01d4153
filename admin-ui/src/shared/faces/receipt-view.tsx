import { useQuery } from '@tanstack/react-query';
import { Download } from 'lucide-react';
import type { FaceTemplateRow } from '#gateway/http/contract/face.ts';
import { Button } from '../ui/button.tsx';
import { CodeBox } from '../ui/code-box.tsx';
import { Pending } from '../ui/loaded.tsx';
import { Instant } from '../ui/time.tsx';
import { receiptQuery } from './face-queries.ts';

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
          <CodeBox text={receipt.data.receipt} copyLabel="Copy the receipt" />
          <p>{isCarried ? 'The gateway’s public key:' : 'The terminal’s public key, as it was enrolled:'}</p>
          <CodeBox text={JSON.stringify(receipt.data.publicKey)} copyLabel="Copy the key" />
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
