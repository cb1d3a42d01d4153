import type { FlipCause, Outcome } from '../../../domain/policy/impact-report.ts';
import { rulesOf } from '../../../domain/policy/lint/rego-rules.ts';
import type { RevisionFile } from '../../../domain/policy/revision.ts';
import type { StatementTrace } from '../../../ports/policy-engines.ts';

/** One revision's texts, prepared for looking up lines. */
export interface SourceLines {
  readonly files: ReadonlyMap<string, readonly string[]>;
  /** Reason or permit -> where a rule adds it. */
  readonly heads: ReadonlyMap<string, { readonly file: string; readonly row: number }>;
}

export function sourceLines(files: readonly RevisionFile[]): SourceLines {
  const heads = new Map<string, { readonly file: string; readonly row: number }>();
  for (const { member, file, row } of files.flatMap(rulesOf)) {
    if (member !== null && !heads.has(member)) heads.set(member, { file, row });
  }
  return { files: new Map(files.map(({ path, text }) => [path, text.split('\n')])), heads };
}

/** Rows of `source` that `other` does not have, by file: what an editor would show as added. Moved lines are not. */
export function changedRows(source: SourceLines, other: SourceLines): ReadonlySet<string> {
  const changed = new Set<string>();
  for (const [file, lines] of source.files) {
    const left = new Map<string, number>();
    for (const line of other.files.get(file) ?? []) left.set(line.trim(), (left.get(line.trim()) ?? 0) + 1);
    lines.forEach((line, index) => {
      const count = left.get(line.trim()) ?? 0;
      if (count === 0) changed.add(rowKey(file, index + 1));
      else left.set(line.trim(), count - 1);
    });
  }
  return changed;
}

export interface Side {
  readonly lines: SourceLines;
  /** Rows that the other side does not have. */
  readonly changed: ReadonlySet<string>;
  readonly statements: readonly StatementTrace[];
}

/**
 * The line that made the difference: a changed one that the evaluation came to, in the draft or else in what decided then; where no line
 * changed (the data did), the rule that gives the reason which came or went, or the first line that did something else.
 */
export function findCause(
  draft: Side,
  before: Side | null,
  { from, to }: { readonly from: Outcome; readonly to: Outcome },
): FlipCause | null {
  const changed = changedAndReached('draft', draft) ?? (before === null ? null : changedAndReached('before', before));
  if (changed !== null) return changed;
  const came = to.codes.find((code) => !from.codes.includes(code));
  const went = from.codes.find((code) => !to.codes.includes(code));
  const reason = ruleOf('draft', draft.lines, came) ?? (before === null ? null : ruleOf('before', before.lines, went));
  return reason ?? (before === null ? null : firstDifference(draft, before));
}

const rowKey = (file: string, row: number): string => `${file}\n${row}`;

function changedAndReached(side: FlipCause['side'], { lines, changed, statements }: Side): FlipCause | null {
  if (changed.size === 0) return null;
  const reached = statements.filter(({ file, row, reached: times }) => times > 0 && changed.has(rowKey(file, row)));
  // A line that held says more than one that was only looked at.
  const [first] = [...reached.filter(({ passed }) => passed > 0), ...reached];
  return first === undefined ? null : causeAt(side, lines, first);
}

function ruleOf(side: FlipCause['side'], lines: SourceLines, code: string | undefined): FlipCause | null {
  const head = code === undefined ? undefined : lines.heads.get(code);
  return head === undefined ? null : causeAt(side, lines, head);
}

function firstDifference(draft: Side, before: Side): FlipCause | null {
  const then = signatures(before);
  const now = signatures(draft);
  for (const [text, { signature, file, row }] of now) {
    const other = then.get(text);
    if (other !== undefined && other.signature !== signature) return causeAt('draft', draft.lines, { file, row });
  }
  return null;
}

/** What each line did, by its text. */
function signatures({ lines, statements }: Side) {
  const byText = new Map<string, { signature: string; readonly file: string; readonly row: number }>();
  for (const { file, row, reached, passed } of statements) {
    const text = `${file}\n${textAt(lines, file, row)}`;
    const known = byText.get(text) ?? { signature: '', file, row };
    known.signature += `${reached > 0 ? 'r' : '-'}${passed > 0 ? 'p' : '-'}`;
    byText.set(text, known);
  }
  return byText;
}

function causeAt(side: FlipCause['side'], lines: SourceLines, { file, row }: { readonly file: string; readonly row: number }): FlipCause {
  return { side, file, row, text: textAt(lines, file, row).slice(0, 200) };
}

function textAt(lines: SourceLines, file: string, row: number): string {
  return (lines.files.get(file)?.[row - 1] ?? '').trim();
}
