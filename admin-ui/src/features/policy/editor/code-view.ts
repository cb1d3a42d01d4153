import { defaultKeymap, history, historyKeymap, indentWithTab } from '@codemirror/commands';
import { bracketMatching, indentUnit } from '@codemirror/language';
import { lintGutter, lintKeymap, setDiagnostics, type Diagnostic } from '@codemirror/lint';
import { highlightSelectionMatches, searchKeymap } from '@codemirror/search';
import { EditorState, Transaction, type Extension, type Text } from '@codemirror/state';
import { drawSelection, EditorView, highlightActiveLine, highlightActiveLineGutter, keymap, lineNumbers } from '@codemirror/view';
import type { FindingView } from '#gateway/http/contract/policy.ts';
import { coverageGutter, setCoverage, type LineCoverage } from './coverage-gutter.ts';
import { editorTheme } from './editor-theme.ts';
import { json } from './json-language.ts';
import { rego } from './rego-language.ts';

export interface Place {
  readonly row: number;
  readonly col: number;
}

export interface CodeView {
  /** Shows a file. One that was shown before comes back with its history and selection, where its text is still the same. */
  show(path: string, text: string): void;
  setFindings(findings: readonly FindingView[]): void;
  setCoverage(coverage: LineCoverage | null): void;
  /** Puts the cursor there, in the middle of what is seen. */
  goTo(place: Place): void;
  close(): void;
}

interface CodeViewOptions {
  readonly host: HTMLElement;
  readonly onChange: (path: string, text: string) => void;
  readonly onSave: () => void;
}

/**
 * The editor in a shadow tree of `host`: there its styles are sheets that the program makes, which the content security policy lets
 * pass without a nonce, where in the page they would be style elements.
 */
export function createCodeView({ host, onChange, onSave }: CodeViewOptions): CodeView {
  const root = host.shadowRoot ?? host.attachShadow({ mode: 'open' });
  const states = new Map<string, EditorState>();
  let shown = '';
  const extensionsOf = (path: string): Extension => [
    basics,
    path.endsWith('.json') ? json : rego,
    EditorView.contentAttributes.of({ 'aria-label': `Text of ${path}` }),
    keymap.of([{ key: 'Mod-s', preventDefault: true, run: () => (onSave(), true) }]),
    EditorView.updateListener.of(({ docChanged, state, transactions }) => {
      if (docChanged && !transactions.some(isOutside)) onChange(path, state.doc.toString());
    }),
  ];
  const view = new EditorView({ root, parent: root });
  return {
    show: (path, text) => {
      if (path === shown) return replaceText(view, text);
      if (shown !== '') states.set(shown, view.state);
      shown = path;
      view.setState(states.get(path) ?? EditorState.create({ doc: text, extensions: extensionsOf(path) }));
      replaceText(view, text);
    },
    setFindings: (findings) => {
      const { doc } = view.state;
      view.dispatch(
        setDiagnostics(
          view.state,
          findings.filter(({ file, row }) => file === shown && row > 0).map((each) => toDiagnostic(doc, each)),
        ),
      );
    },
    setCoverage: (coverage) => view.dispatch({ effects: setCoverage.of(coverage) }),
    goTo: (place) => {
      const anchor = offsetOf(view.state.doc, place);
      view.dispatch({ selection: { anchor }, effects: EditorView.scrollIntoView(anchor, { y: 'center' }) });
      view.focus();
    },
    close: () => view.destroy(),
  };
}

const basics: Extension = [
  lineNumbers(),
  lintGutter(),
  coverageGutter,
  highlightActiveLineGutter(),
  history(),
  drawSelection(),
  bracketMatching(),
  highlightActiveLine(),
  highlightSelectionMatches(),
  indentUnit.of('\t'),
  EditorState.tabSize.of(4),
  // Esc, then Tab leaves the editor.
  keymap.of([...defaultKeymap, ...searchKeymap, ...historyKeymap, ...lintKeymap, indentWithTab]),
  editorTheme,
];

/** Text that came from outside, such as by formatting: it can be undone, and is not told to whom it came from. */
const isOutside = (transaction: Transaction): boolean => transaction.annotation(Transaction.userEvent) === 'outside';

/** Replaces only the middle that differs, so that cursor, history and marks stay where they can. */
function replaceText(view: EditorView, text: string): void {
  const before = view.state.doc.toString();
  if (before === text) return;
  let from = 0;
  while (from < before.length && from < text.length && before[from] === text[from]) from += 1;
  let end = 0;
  while (end < before.length - from && end < text.length - from && before.at(-1 - end) === text.at(-1 - end)) end += 1;
  const changes = { from, to: before.length - end, insert: text.slice(from, text.length - end) };
  view.dispatch({ changes, userEvent: 'outside' });
}

function offsetOf(text: Text, { row, col }: Place): number {
  const line = text.line(Math.min(Math.max(row, 1), text.lines));
  return Math.min(line.from + Math.max(col, 1) - 1, line.to);
}

function toDiagnostic(text: Text, { row, col, severity, message, code }: FindingView): Diagnostic {
  const from = offsetOf(text, { row, col });
  const { to } = text.lineAt(from);
  return { from, to: Math.max(from, to), severity, message, source: code };
}
