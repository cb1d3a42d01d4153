import type { PolicyDiffView } from '#gateway/http/contract/policy.ts';
import { Panel } from '../../shared/ui/page.tsx';
import styles from './file-diff.module.css';

type File = PolicyDiffView['files'][number];

const marks = { same: ' ', added: '+', removed: '−' } as const;
const words = { same: '', added: 'added: ', removed: 'removed: ' } as const;

/** One file as unified lines, with the rows of both sides; what is far from a change is left out. */
export function FileDiff({ file }: { file: File }) {
  const count = (kind: 'added' | 'removed'): number => file.lines.filter((line) => line.kind === kind).length;
  return (
    <Panel
      title={file.path}
      aside={
        <span className="soft">
          {file.change}, +{count('added')} −{count('removed')}
        </span>
      }
    >
      <div className={styles.scroll} tabIndex={0} role="region" aria-label={`Lines of ${file.path}`}>
        <ol className={styles.lines}>
          {file.lines.map((line, index) => (
            <li key={`${String(line.before)}:${String(line.after)}`} data-kind={line.kind} data-gap={isAfterGap(file, index) || undefined}>
              <span className={styles.row}>{line.before ?? ''}</span>
              <span className={styles.row}>{line.after ?? ''}</span>
              <span aria-hidden>{marks[line.kind]}</span>
              <code>
                <span className="visually-hidden">{words[line.kind]}</span>
                {line.text}
              </code>
            </li>
          ))}
        </ol>
      </div>
    </Panel>
  );
}

/** Lines were left out between this one and the one before. */
function isAfterGap({ lines }: File, index: number): boolean {
  const [previous, line] = [lines[index - 1], lines[index]];
  return previous !== undefined && previous.kind === 'same' && line?.kind === 'same' && (line.before ?? 0) - (previous.before ?? 0) > 1;
}
