import { Link } from '@tanstack/react-router';
import { CircleX } from 'lucide-react';
import type { TestReportView } from '#gateway/http/contract/policy.ts';
import { Chip } from '../../shared/ui/chip.tsx';
import { Panel } from '../../shared/ui/page.tsx';
import { TableHead } from '../../shared/ui/table-head.tsx';
import { FindingList } from './finding-list.tsx';
import shared from './policy.module.css';
import styles from './test-panel.module.css';
import { plural } from './revision-words.ts';

interface TestPanelProps {
  readonly revisionId: string;
  readonly test: TestReportView;
}

/** What failed by its name and with its answer, and which lines no test reaches. */
export function TestPanel({ revisionId, test }: TestPanelProps) {
  return (
    <Panel
      title="Tests"
      aside={
        <span className={shared.row}>
          <Chip tone={test.failed > 0 ? 'deny' : 'ok'}>{test.failed > 0 ? `${String(test.failed)} failed` : 'All passed'}</Chip>
          <span className="soft">
            {plural(test.tests, 'test')}, {plural(test.cases, 'case')}, {plural(test.differences, 'difference')} between the engines
          </span>
        </span>
      }
    >
      {test.failures.length > 0 && <Failures test={test} revisionId={revisionId} />}
      <Coverage test={test} revisionId={revisionId} />
      {test.findings.length > 0 && <FindingList findings={test.findings} revisionId={revisionId} />}
    </Panel>
  );
}

export function Failures({ test, revisionId }: TestPanelProps) {
  return (
    <ul className={shared.findings} aria-label="Failed tests">
      {test.failures.map(({ name, file, row, message }) => (
        <li key={`${file}:${name}`} data-severity="error">
          <CircleX size={15} aria-hidden />
          <div>
            <strong>{name}</strong>
            <p className={styles.answer}>{message}</p>
          </div>
          {file !== '' && (
            <Link
              to="/console/policy/revisions/$revisionId/edit"
              params={{ revisionId }}
              search={{ file, ...(row > 0 ? { row } : {}) }}
              className={shared.place}
            >
              {row > 0 ? `${file}:${String(row)}` : file}
            </Link>
          )}
        </li>
      ))}
    </ul>
  );
}

function Coverage({ test, revisionId }: TestPanelProps) {
  const percent = Math.round(test.coverage01 * 100);
  return (
    <details className={styles.fold}>
      <summary>Tests reach {percent} % of the lines</summary>
      <table className={styles.coverage}>
        <caption className="visually-hidden">Line coverage by file</caption>
        <TableHead columns={['File', 'Reached', 'Lines that no test reaches']} />
        <tbody>
          {test.coverage.map(({ file, covered, notCovered }) => (
            <tr key={file}>
              <td>
                <Link to="/console/policy/revisions/$revisionId/edit" params={{ revisionId }} search={{ file }}>
                  {file}
                </Link>
              </td>
              <td>
                {covered.length} of {covered.length + notCovered.length}
              </td>
              <td>{notCovered.length === 0 ? 'none' : notCovered.join(', ')}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </details>
  );
}
