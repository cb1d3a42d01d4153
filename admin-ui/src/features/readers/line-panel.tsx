import { Activity, Pause, Play } from 'lucide-react';
import { useState } from 'react';
import type { WatchedFrameView } from '#gateway/http/contract/readers.ts';
import { Button } from '../../shared/ui/button.tsx';
import { Empty, ErrorState, Notice } from '../../shared/ui/states.tsx';
import { Panel } from '../../shared/ui/page.tsx';
import styles from './line-panel.module.css';
import { useLineFrames } from './use-line-frames.ts';

/** What the reader and the gateway say to one another, decoded. Nothing is watched before somebody asks for it. */
export function LinePanel({ readerId }: { readerId: string }) {
  const [isWatching, setWatching] = useState(false);
  const { rows, idleFrames, gapBefore, error } = useLineFrames(readerId, isWatching);
  return (
    <Panel
      title="Line"
      aside={
        <Button size="small" icon={isWatching ? Pause : Play} onClick={() => setWatching(!isWatching)}>
          {isWatching ? 'Pause' : rows.length === 0 ? 'Watch the line' : 'Go on'}
        </Button>
      }
    >
      {isWatching && error !== null && <ErrorState error={error} />}
      {gapBefore !== null && (
        <Notice tone="info">Some frames before number {gapBefore} are missing: the line was faster than this page.</Notice>
      )}
      {rows.length === 0 ? (
        <Empty icon={Activity} title={isWatching ? 'Nothing but polls so far' : 'Nobody watches this line'}>
          {isWatching ? `${String(idleFrames)} polls and empty answers` : 'Cards, PINs and keys are never shown here.'}
        </Empty>
      ) : (
        <>
          <FrameTable rows={rows} />
          <p className={styles.foot}>
            {idleFrames} polls and empty answers are counted and not shown. Cards, PINs and keys are never shown.
          </p>
        </>
      )}
    </Panel>
  );
}

function FrameTable({ rows }: { rows: readonly WatchedFrameView[] }) {
  const [chosen, setChosen] = useState<number | null>(null);
  return (
    <div className={styles.scroll} tabIndex={0} role="region" aria-label="Frames, newest first">
      <table className={styles.frames}>
        <thead>
          <tr>
            {['No.', 'Time', 'From', 'Security', 'Name', 'Says'].map((title) => (
              <th key={title} scope="col">
                {title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.toReversed().map((row) => (
            <FrameRow
              key={row.seq}
              row={row}
              isChosen={row.seq === chosen}
              onChoose={() => setChosen(row.seq === chosen ? null : row.seq)}
            />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function FrameRow({ row: { seq, view }, isChosen, onChoose }: { row: WatchedFrameView; isChosen: boolean; onChoose: () => void }) {
  if (view.kind === 'broken') {
    return (
      <tr className={styles.odd}>
        <td>{seq}</td>
        <td>{timeText(view.atMs)}</td>
        <td>?</td>
        <td>-</td>
        <td>broken</td>
        <td>
          {view.lengthBytes} bytes, wrong {view.fault}
        </td>
      </tr>
    );
  }
  return (
    <>
      <tr className={view.anomalies.length > 0 ? styles.odd : undefined}>
        <td>{seq}</td>
        <td>{timeText(view.atMs)}</td>
        <td>{view.direction === 'command' ? 'gateway' : 'reader'}</td>
        <td>{view.block ?? 'clear'}</td>
        <td>
          <button type="button" className={styles.name} aria-expanded={isChosen} onClick={onChoose}>
            {view.name}
          </button>
        </td>
        <td>{[view.text, view.isRepeat ? '(again)' : '', view.anomalies.join(', ').replaceAll('_', ' ')].filter(Boolean).join(' · ')}</td>
      </tr>
      {isChosen && (
        <tr>
          <td colSpan={6} className={styles.detail}>
            <p>
              address {view.address}, sequence {view.sequence}, {view.check === 'crc' ? 'CRC' : 'checksum'}, {view.lengthBytes} bytes, body{' '}
              {view.body}, MAC {view.mac}
              {view.turnaroundMs !== null && `, answered ${view.answers ?? ''} in ${view.turnaroundMs.toFixed(1)} ms`}
            </p>
            <code>{view.hex}</code>
          </td>
        </tr>
      )}
    </>
  );
}

function timeText(atMs: number): string {
  const at = new Date(atMs);
  return `${at.toLocaleTimeString(undefined, { hour12: false })}.${String(at.getMilliseconds()).padStart(3, '0')}`;
}
