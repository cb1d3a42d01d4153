import type { RevisionContent } from './revision.ts';

export interface DiffLine {
  readonly kind: 'same' | 'added' | 'removed';
  readonly text: string;
  /** Row in the file before and after, from 1; null where it is not in it. */
  readonly before: number | null;
  readonly after: number | null;
}

export interface FileDiff {
  readonly path: string;
  readonly change: 'added' | 'removed' | 'changed';
  readonly lines: readonly DiffLine[];
}

/** Lines around a change that are shown with it. */
const CONTEXT_LINES = 3;
/** Product of the numbers of lines up to which the shortest difference is sought; beyond it the middle of a file is replaced as a whole. */
const CELLS_MAX = 4_000_000;

/** Files that differ between two revisions, tests included, by path. */
export function diffRevisions(before: RevisionContent, after: RevisionContent): readonly FileDiff[] {
  const [left, right] = [filesOf(before), filesOf(after)];
  return [...new Set([...left.keys(), ...right.keys()])].sort().flatMap((path) => {
    const [old, next] = [left.get(path), right.get(path)];
    if (old === next) return [];
    const change = old === undefined ? 'added' : next === undefined ? 'removed' : 'changed';
    return [{ path, change, lines: nearChanges(diffLines(linesOf(old), linesOf(next))) }];
  });
}

function filesOf({ files, tests }: RevisionContent): ReadonlyMap<string, string> {
  return new Map([...files, ...tests].map(({ path, text }) => [path, text]));
}

function linesOf(text: string | undefined): readonly string[] {
  if (text === undefined) return [];
  const lines = text.split('\n');
  return lines.at(-1) === '' ? lines.slice(0, -1) : lines;
}

function diffLines(before: readonly string[], after: readonly string[]): readonly DiffLine[] {
  let start = 0;
  while (start < before.length && start < after.length && before[start] === after[start]) start += 1;
  let end = 0;
  while (end < before.length - start && end < after.length - start && before.at(-1 - end) === after.at(-1 - end)) end += 1;
  const middle = common(before.slice(start, before.length - end), after.slice(start, after.length - end));
  const result: DiffLine[] = [];
  let [i, j] = [0, 0];
  const same = (): void => void result.push({ kind: 'same', text: before[i] ?? '', before: ++i, after: ++j });
  const until = (toBefore: number, toAfter: number): void => {
    while (i < toBefore) result.push({ kind: 'removed', text: before[i] ?? '', before: ++i, after: null });
    while (j < toAfter) result.push({ kind: 'added', text: after[j] ?? '', before: null, after: ++j });
  };
  while (i < start) same();
  for (const [left, right] of middle) {
    until(start + left, start + right);
    same();
  }
  until(before.length - end, after.length - end);
  while (i < before.length) same();
  return result;
}

/** Pairs of equal lines of a longest common subsequence. */
function common(before: readonly string[], after: readonly string[]): readonly (readonly [number, number])[] {
  if (before.length * after.length > CELLS_MAX) return [];
  const width = after.length + 1;
  const lengths = new Uint32Array((before.length + 1) * width);
  const at = (i: number, j: number): number => lengths[i * width + j] ?? 0;
  for (let i = before.length - 1; i >= 0; i -= 1) {
    for (let j = after.length - 1; j >= 0; j -= 1) {
      lengths[i * width + j] = before[i] === after[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
    }
  }
  const pairs: (readonly [number, number])[] = [];
  let [i, j] = [0, 0];
  while (i < before.length && j < after.length) {
    if (before[i] === after[j]) pairs.push([i++, j++]);
    else if (at(i + 1, j) >= at(i, j + 1)) i += 1;
    else j += 1;
  }
  return pairs;
}

function nearChanges(lines: readonly DiffLine[]): readonly DiffLine[] {
  const near = new Set<number>();
  lines.forEach(({ kind }, index) => {
    if (kind !== 'same') for (let each = index - CONTEXT_LINES; each <= index + CONTEXT_LINES; each += 1) near.add(each);
  });
  return lines.filter((_, index) => near.has(index));
}
