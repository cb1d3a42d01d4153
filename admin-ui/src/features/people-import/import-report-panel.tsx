import type { ReactNode } from 'react';
import type { ImportReport, ImportRow } from '#gateway/http/contract/people-import.ts';
import { Chip } from '../../shared/ui/chip.tsx';
import { Panel } from '../../shared/ui/page.tsx';
import { DecisionNumber, Notice } from '../../shared/ui/states.tsx';
import table from '../../shared/ui/table.module.css';
import { TableHead } from '../../shared/ui/table-head.tsx';
import styles from './people-import-page.module.css';

const tones = { added: 'ok', changed: 'info', unchanged: 'unknown', refused: 'deny', closed: 'warn' } as const;
const words = { added: 'Added', changed: 'Changed', unchanged: 'Unchanged', refused: 'Refused', closed: 'Suspended' } as const;

/** What each row would change, or has changed, and what is wrong with it. */
export function ImportReportPanel({ report, children }: { report: ImportReport; children: ReactNode }) {
  const { applied, closing, counts, decisionId, more, rows } = report;
  return (
    <Panel title={applied ? 'Imported' : 'What it would change'} padded>
      <div className={styles.form}>
        <Summary report={report} />
        <p role="status">
          {counts.added} added, {counts.changed} changed, {counts.unchanged} unchanged, {counts.refused} refused, {closing.people} suspended
        </p>
        {children}
        <DecisionNumber id={decisionId} />
      </div>
      {rows.length > 0 && <RowTable rows={rows} />}
      {more > 0 && <p className={styles.more}>And {more} more rows.</p>}
    </Panel>
  );
}

function Summary({ report: { applied, closing, counts, ok } }: { report: ImportReport }) {
  if (applied) return <Notice tone="ok">The table was taken.</Notice>;
  if (counts.refused > 0) return <Notice tone="deny">Nothing was imported: mend the refused rows, then try again.</Notice>;
  if (!closing.isAllowed) {
    return (
      <Notice tone="warn">
        {closing.people === closing.inForce
          ? 'This would suspend everybody. Is it the right file?'
          : `This would suspend ${String(closing.people)} of ${String(closing.inForce)} people. Is that meant?`}
      </Notice>
    );
  }
  return ok ? <Notice tone="info">Nothing has been changed yet.</Notice> : null;
}

function RowTable({ rows }: { rows: readonly ImportRow[] }) {
  return (
    <table className={table.table}>
      <TableHead columns={['Line', 'Person', 'Outcome', 'What']} />
      <tbody>
        {rows.map((row, index) => (
          <tr key={`${String(row.line)} ${row.id} ${String(index)}`}>
            <td>{row.line ?? '–'}</td>
            <td>{row.id}</td>
            <td>
              <Chip tone={tones[row.outcome]}>{words[row.outcome]}</Chip>
            </td>
            <td>{toText(row)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function toText({ changes, problems, staysClosed }: ImportRow): string {
  if (problems.length > 0) return problems.map(({ message, path }) => (path === '' ? message : `${path}: ${message}`)).join('; ');
  const said = changes.map((change) => (change === 'missing' ? 'not in the table' : change));
  return [...said, ...(staysClosed ? ['stays suspended: two operators bring somebody back'] : [])].join(', ');
}
