import { FilePlus2, Trash2 } from 'lucide-react';
import { useState } from 'react';
import { isDraftTest, type FindingView } from '#gateway/http/contract/policy.ts';
import { Button } from '../../../shared/ui/button.tsx';
import { controlClass } from '../../../shared/ui/field.tsx';
import { AddFileDialog } from './add-file-dialog.tsx';
import styles from './editor.module.css';
import type { Edits } from './working-copy.ts';

interface FileListProps {
  readonly files: ReadonlyMap<string, string>;
  readonly unsaved: Edits;
  readonly findings: readonly FindingView[];
  readonly shown: string;
  readonly onShow: (path: string) => void;
  readonly onEdit: (path: string, text: string | null) => void;
}

/** The policy's own files, and beside them its tests and cases. */
export function FileList({ files, unsaved, findings, shown, onShow, onEdit }: FileListProps) {
  const [isAdding, setAdding] = useState(false);
  const paths = [...files.keys()];
  const sections: readonly Section[] = [
    { title: 'Policy', paths: paths.filter((path) => !isDraftTest(path)) },
    { title: 'Tests and cases', paths: paths.filter((path) => isDraftTest(path)) },
  ];
  const choice = { sections, shown, onShow, mark: (path: string) => markOf(path, { unsaved, findings }) };
  return (
    <nav className={styles.files} aria-label="Files">
      <NarrowChoice {...choice} />
      <WideChoice {...choice} />
      <div className={styles.fileActions}>
        <Button size="small" look="quiet" icon={FilePlus2} onClick={() => setAdding(true)}>
          Add a file
        </Button>
        <Button size="small" look="quiet" icon={Trash2} onClick={() => onEdit(shown, null)}>
          Remove this file
        </Button>
      </div>
      {isAdding && (
        <AddFileDialog
          taken={paths}
          onClose={() => setAdding(false)}
          onAdd={(path) => {
            onEdit(path, path.endsWith('.json') ? '[]\n' : 'package gatehouse.access\n');
            onShow(path);
            setAdding(false);
          }}
        />
      )}
    </nav>
  );
}

interface Section {
  readonly title: string;
  readonly paths: readonly string[];
}

interface ChoiceProps {
  readonly sections: readonly Section[];
  readonly shown: string;
  readonly mark: (path: string) => string;
  readonly onShow: (path: string) => void;
}

function NarrowChoice({ sections, shown, mark, onShow }: ChoiceProps) {
  return (
    <div className={styles.fileChoice}>
      <select className={controlClass} aria-label="File" value={shown} onChange={(event) => onShow(event.target.value)}>
        {sections.map(({ title, paths }) => (
          <optgroup key={title} label={title}>
            {paths.map((path) => (
              <option key={path} value={path}>
                {path} {mark(path)}
              </option>
            ))}
          </optgroup>
        ))}
      </select>
    </div>
  );
}

function WideChoice({ sections, shown, mark, onShow }: ChoiceProps) {
  return sections.map(({ title, paths }) => (
    <div key={title} className={styles.fileSection}>
      <h2>{title}</h2>
      <ul>
        {paths.map((path) => (
          <li key={path}>
            <button type="button" aria-current={path === shown ? 'true' : undefined} onClick={() => onShow(path)}>
              {path} <span className={styles.fileMark}>{mark(path)}</span>
            </button>
          </li>
        ))}
      </ul>
    </div>
  ));
}

function markOf(path: string, { unsaved, findings }: Pick<FileListProps, 'unsaved' | 'findings'>): string {
  const errors = findings.filter((finding) => finding.file === path && finding.severity === 'error').length;
  return [...(path in unsaved ? ['edited'] : []), ...(errors > 0 ? [`${String(errors)} ✕`] : [])].join(', ');
}
