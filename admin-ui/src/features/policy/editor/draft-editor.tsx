import { useEffect, useMemo, useState } from 'react';
import type { FindingView, RevisionDetailView } from '#gateway/http/contract/policy.ts';
import { Button } from '../../../shared/ui/button.tsx';
import { Notice } from '../../../shared/ui/states.tsx';
import { Ago } from '../../../shared/ui/time.tsx';
import { CodeEditor } from './code-editor.tsx';
import type { FilePlace } from './code-editor.tsx';
import { DraftToolbar } from './draft-toolbar.tsx';
import type { EditorPlace } from './editor-place.ts';
import styles from './editor.module.css';
import { PolicyProblem } from '../policy-problem.tsx';
import { FileList } from './file-list.tsx';
import { jsonFinding } from './json-finding.ts';
import { ProblemsPanel } from './problems-panel.tsx';
import { useDraft, useDraftTools, useFormat } from './use-draft.ts';
import type { CopyStore } from './working-copy.ts';

interface DraftEditorProps {
  readonly detail: RevisionDetailView;
  readonly store: CopyStore;
  readonly place: EditorPlace;
  readonly onPlace: (place: EditorPlace) => void;
  readonly onSaved: (revisionId: string) => void;
  readonly onDirty: (isDirty: boolean) => void;
}

export function DraftEditor({ detail, store, place, onPlace, onSaved, onDirty }: DraftEditorProps) {
  const draft = useDraft({ detail, store, onSaved });
  const tools = useDraftTools(draft.save);
  const { shown, goTo, show, open } = useShownPlace(draft.files, place, onPlace);
  const [formatFindings, setFormatFindings] = useState<readonly FindingView[]>([]);
  const format = useFormat((formatted) => {
    if (formatted.ok) draft.edit(formatted.path, formatted.text);
    setFormatFindings(formatted.ok ? [] : formatted.findings);
    const [first] = formatted.ok ? [] : formatted.findings;
    if (first !== undefined) open(first);
  });
  const { isDirty } = draft;
  useEffect(() => onDirty(isDirty), [isDirty, onDirty]);
  const text = draft.files.get(shown) ?? '';
  const findings = useFindings(detail, { formatFindings, shown, text });
  const error = draft.saveError ?? tools.check.error ?? tools.test.error ?? format.error;
  return (
    <>
      {draft.restoredAtMs !== null && isDirty && <Restored atMs={draft.restoredAtMs} onDiscard={draft.discard} />}
      {!draft.isKept && <Notice tone="warn">This browser does not keep unsaved text: save before you leave.</Notice>}
      <DraftToolbar
        draft={draft}
        tools={tools}
        canFormat={shown.endsWith('.rego')}
        isFormatting={format.isPending}
        onFormat={() => format.mutate({ path: shown, text })}
      />
      {error !== null && <PolicyProblem error={error} />}
      <div className={styles.desk}>
        <FileList files={draft.files} unsaved={draft.unsaved} findings={findings} shown={shown} onShow={show} onEdit={draft.edit} />
        <CodeEditor
          path={shown}
          text={text}
          findings={findings}
          coverage={detail.test?.coverage.find(({ file }) => file === shown) ?? null}
          goTo={goTo}
          onChange={(path, changed) => {
            draft.edit(path, changed);
            setFormatFindings([]);
          }}
          onSave={() => tools.check.mutate()}
        />
      </div>
      <p className="soft">Ctrl+S saves and checks. Esc, then Tab leaves the text. F8 goes to the next problem.</p>
      <ProblemsPanel detail={detail} findings={findings} isDirty={isDirty} onOpen={open} />
    </>
  );
}

/** Which file is shown, which the address says too, and where in it the cursor is sent. */
function useShownPlace(files: ReadonlyMap<string, string>, place: EditorPlace, onPlace: (place: EditorPlace) => void) {
  const [goTo, setGoTo] = useState(() => firstPlace(place));
  const first = files.keys().next().value ?? '';
  const shown = place.file !== undefined && files.has(place.file) ? place.file : first;
  return {
    shown,
    goTo,
    show: (file: string): void => {
      setGoTo(null);
      onPlace({ file });
    },
    open: ({ file, row, col }: Pick<FindingView, 'file' | 'row' | 'col'>): void => {
      const at = file === '' ? shown : file;
      setGoTo({ file: at, row, col });
      onPlace({ file: at });
    },
  };
}

const firstPlace = ({ file, row, col }: EditorPlace): FilePlace | null =>
  file === undefined || row === undefined ? null : { file, row, col: col ?? 1 };

interface Shown {
  readonly formatFindings: readonly FindingView[];
  readonly shown: string;
  readonly text: string;
}

const none: readonly FindingView[] = [];

/** Of the formatter, of the browser's JSON and of the last check and tests: errors first. */
function useFindings({ check, test }: RevisionDetailView, { formatFindings, shown, text }: Shown): readonly FindingView[] {
  return useMemo(() => {
    const json = shown.endsWith('.json') ? jsonFinding(shown, text) : null;
    const placed = formatFindings.map((finding) => (finding.file === '' ? { ...finding, file: shown } : finding));
    const all = [...placed, ...(json === null ? none : [json]), ...(check?.findings ?? none), ...(test?.findings ?? none)];
    const unique = [...new Map(all.map((each) => [`${each.file}:${String(each.row)}:${String(each.col)}:${each.code}`, each])).values()];
    return unique.toSorted((a, b) => Number(b.severity === 'error') - Number(a.severity === 'error'));
  }, [check, test, formatFindings, shown, text]);
}

function Restored({ atMs, onDiscard }: { atMs: number; onDiscard: () => void }) {
  return (
    <Notice tone="info" role="status">
      <p>
        Here is what you had not saved (<Ago atMs={atMs} />
        ).
      </p>
      <div>
        <Button size="small" onClick={onDiscard}>
          Discard it
        </Button>
      </div>
    </Notice>
  );
}
