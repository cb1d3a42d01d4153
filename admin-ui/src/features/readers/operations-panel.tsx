import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Square, Wrench } from 'lucide-react';
import { cancelledSchema, type Operation } from '#gateway/http/contract/reader-operations.ts';
import { postJson } from '../../shared/api/client.ts';
import { Button } from '../../shared/ui/button.tsx';
import { Chip } from '../../shared/ui/chip.tsx';
import { Pending } from '../../shared/ui/loaded.tsx';
import { Panel } from '../../shared/ui/page.tsx';
import { Empty, Notice, ProblemNotice } from '../../shared/ui/states.tsx';
import { Ago } from '../../shared/ui/time.tsx';
import styles from './maintenance.module.css';
import { operationsQuery } from './maintenance-queries.ts';
import { describeProgress, operationNames } from './operation-words.ts';

/** What is being done to this reader, and what was, as far as the gateway remembers. */
export function OperationsPanel({ readerId, mayMaintain }: { readerId: string; mayMaintain: boolean }) {
  const answer = useQuery(operationsQuery);
  const mine = answer.data?.operations.filter(({ readers }) => readers.some((progress) => progress.readerId === readerId));
  return (
    <Panel title="Maintenance">
      {mine === undefined ? (
        <Pending query={answer} lines={2} />
      ) : mine.length === 0 ? (
        <Empty icon={Wrench} title="Nothing was done to this reader lately" />
      ) : (
        <ul className={styles.operations}>
          {mine.map((operation) => (
            <li key={operation.id}>
              <OperationRow operation={operation} readerId={readerId} mayMaintain={mayMaintain} />
            </li>
          ))}
        </ul>
      )}
    </Panel>
  );
}

/** One operation as it goes on, for the dialog that began it. */
export function FollowedOperation({ begun, readerId }: { begun: Operation; readerId: string }) {
  const { data } = useQuery(operationsQuery);
  const operation = data?.operations.find(({ id }) => id === begun.id) ?? begun;
  return <OperationRow operation={operation} readerId={readerId} mayMaintain />;
}

function OperationRow({ operation, readerId, mayMaintain }: { operation: Operation; readerId: string; mayMaintain: boolean }) {
  const queries = useQueryClient();
  const stop = useMutation({
    mutationFn: () => postJson(`/api/reader-operations/${encodeURIComponent(operation.id)}/cancel`, {}, cancelledSchema),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['reader-operations'] }),
  });
  const progress = operation.readers.find((reader) => reader.readerId === readerId);
  if (progress === undefined) return null;
  const { tone, label, detail } = describeProgress(progress);
  const name = operationNames[operation.kind];
  const isOpen = operation.endedAtMs === null;
  return (
    <div className={styles.operation} role="group" aria-label={name}>
      <div className={styles.head}>
        <strong>{name}</strong>
        <Chip tone={tone}>{label}</Chip>
        <span className="soft">
          <Ago atMs={operation.beganAtMs} />
        </span>
        {isOpen && mayMaintain && operation.kind !== 'set_line' && (
          <Button size="small" icon={Square} busy={stop.isPending} onClick={() => stop.mutate()}>
            Stop
          </Button>
        )}
      </div>
      <p role="status">{detail}</p>
      {progress.totalBytes > 0 && isOpen && (
        <progress className={styles.bar} aria-label="Sent" value={progress.sentBytes} max={progress.totalBytes} />
      )}
      {progress.test !== null && isOpen && (
        <progress className={styles.bar} aria-label="Tested" value={progress.test.done} max={progress.test.total} />
      )}
      {stop.isError && <ProblemNotice error={stop.error} />}
      {stop.data?.cancelled === false && <Notice tone="info">This cannot be stopped half way: it comes to its end.</Notice>}
    </div>
  );
}
