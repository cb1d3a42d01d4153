import { Gauge } from 'lucide-react';
import { useState } from 'react';
import { begunSchema, LINE_TEST_EXCHANGES_DEFAULT } from '#gateway/http/contract/reader-operations.ts';
import type { ReaderView } from '#gateway/http/contract/readers.ts';
import { postJson } from '../../shared/api/client.ts';
import { Field } from '../../shared/ui/field.tsx';
import { OrderDialog } from './order-dialog.tsx';

const LENGTHS = [
  [LINE_TEST_EXCHANGES_DEFAULT, 'short: 200 commands'],
  [1_000, 'longer: 1000 commands'],
  [5_000, 'thorough: 5000 commands, for faults that come and go'],
] as const;

export function LineTestDialog({ reader, onClose }: { readonly reader: ReaderView; readonly onClose: () => void }) {
  const [exchanges, setExchanges] = useState<number>(LINE_TEST_EXCHANGES_DEFAULT);
  const order = (reason: string) => {
    const body = { scope: { kind: 'reader', id: reader.id }, exchanges, reason };
    return postJson('/api/reader-operations/line-test', body, begunSchema);
  };
  return (
    <OrderDialog
      title={`Test the line to ${reader.name}`}
      readerId={reader.id}
      lead="Commands that change nothing are sent between the polls, and what must be sent again is counted. The door goes on working meanwhile."
      action="Test the line"
      icon={Gauge}
      order={order}
      onClose={onClose}
    >
      {() => (
        <Field label="How long">
          {(control) => (
            <select {...control} data-initial-focus value={exchanges} onChange={(event) => setExchanges(Number(event.target.value))}>
              {LENGTHS.map(([count, text]) => (
                <option key={count} value={count}>
                  {text}
                </option>
              ))}
            </select>
          )}
        </Field>
      )}
    </OrderDialog>
  );
}
