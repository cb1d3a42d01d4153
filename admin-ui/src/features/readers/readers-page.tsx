import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Radio } from 'lucide-react';
import type { ReaderView } from '#gateway/http/contract/readers.ts';
import { traitName } from '../../shared/faces/trait-words.ts';
import { useNotKnown } from '../../shared/live/live-context.tsx';
import { Chip } from '../../shared/ui/chip.tsx';
import { Pending } from '../../shared/ui/loaded.tsx';
import { Page, Panel } from '../../shared/ui/page.tsx';
import { Empty } from '../../shared/ui/states.tsx';
import table from '../../shared/ui/table.module.css';
import { TableHead } from '../../shared/ui/table-head.tsx';
import { readersQuery } from './reader-queries.ts';
import { describeReader, retryText } from './reader-words.ts';

export function ReadersPage() {
  const readers = useQuery(readersQuery);
  return (
    <Page title="Readers" sub="Each answers inside a secure channel with a key of its own, or it does not count as online.">
      <Panel>
        {readers.data === undefined ? (
          <Pending query={readers} />
        ) : readers.data.readers.length === 0 ? (
          <Empty icon={Radio} title="No readers are configured" />
        ) : (
          <ReaderTable readers={readers.data.readers} isStale={readers.isError} />
        )}
      </Panel>
    </Page>
  );
}

function ReaderTable({ readers, isStale }: { readers: readonly ReaderView[]; isStale: boolean }) {
  const live = useNotKnown();
  const notKnown = live ?? (isStale ? 'not known' : null);
  return (
    <table className={table.table}>
      <TableHead columns={['Reader', 'State']} wide={['Line', 'Sent again', 'Alarms']} />
      <tbody>
        {readers.map((reader) => {
          const { tone, label, detail } = describeReader(reader, notKnown);
          return (
            <tr key={reader.id}>
              <td>
                <Link to="/console/readers/$readerId" params={{ readerId: reader.id }} className={table.rowLink}>
                  {reader.name}
                </Link>
                <div className={table.small}>
                  {reader.doorName}
                  {reader.biometrics !== null && `, compares: ${traitName(reader.biometrics.type)}`}
                </div>
              </td>
              <td>
                <Chip tone={tone}>{label}</Chip>
                <div className={table.small}>{detail}</div>
              </td>
              <td className={table.wide}>
                {reader.busId}
                <div className={table.small}>address {reader.address}</div>
              </td>
              <td className={table.wide}>{retryText(reader)}</td>
              <td className={table.wide}>{Object.values(reader.alarms).reduce((sum, times) => sum + times, 0)}</td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}
