import { useQuery } from '@tanstack/react-query';
import { CircleCheck } from 'lucide-react';
import { explainLineCounts } from '#gateway/http/contract/line-counters.ts';
import type { ReaderLineView, ReaderView } from '#gateway/http/contract/readers.ts';
import { Pending } from '../../shared/ui/loaded.tsx';
import { Panel } from '../../shared/ui/page.tsx';
import { Empty } from '../../shared/ui/states.tsx';
import table from '../../shared/ui/table.module.css';
import styles from './counters-panel.module.css';
import { linesQuery } from './reader-queries.ts';
import { count as asText } from './reader-words.ts';

/** What the reader's line threw away, by kind, what each means and what it asks for. */
export function CountersPanel({ reader }: { reader: ReaderView }) {
  const answer = useQuery(linesQuery);
  const line = answer.data?.lines.find(({ busId }) => busId === reader.busId);
  const frames = line === undefined ? null : `${asText(line.sentFrames)} frames sent, ${asText(line.receivedFrames)} received`;
  return (
    <Panel title={`Thrown away on line ${reader.busId}`} aside={frames !== null && <span className="soft">{frames}</span>}>
      {answer.data === undefined ? (
        <Pending query={answer} lines={3} />
      ) : line === undefined ? (
        <Empty icon={CircleCheck} title="The door controller does not drive this line" />
      ) : (
        <Counts line={line} readerId={reader.id} />
      )}
    </Panel>
  );
}

function Counts({ line, readerId }: { line: ReaderLineView; readerId: string }) {
  const counters = explainLineCounts(line.counts);
  const own = line.readers.find((reader) => reader.readerId === readerId)?.counts ?? {};
  if (counters.length === 0) return <Empty icon={CircleCheck} title="Nothing was thrown away since the door controller started" />;
  return (
    <table className={`${table.table ?? ''} ${styles.counters ?? ''}`}>
      <thead>
        <tr>
          <th scope="col">What</th>
          <th scope="col" className={styles.count}>
            Whole line
          </th>
          <th scope="col" className={styles.count}>
            This reader
          </th>
          <th scope="col">What it means, and what to do</th>
        </tr>
      </thead>
      <tbody>
        {counters.map(({ kind, label, count, isByReader, meaning, remedy }) => (
          <tr key={kind}>
            <th scope="row">{label}</th>
            <td className={styles.count} data-label="line">
              {asText(count)}
            </td>
            <td className={styles.count} data-label="this reader">
              {isByReader ? asText(own[kind] ?? 0) : <span className={table.soft}>not known</span>}
            </td>
            <td>
              {meaning} <span className={table.soft}>{remedy}</span>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
