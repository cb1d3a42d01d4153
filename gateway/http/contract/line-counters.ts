import {
  isCountedByReader,
  LINE_COUNTER_KINDS,
  LINE_COUNTER_TEXTS,
  type LineCounterKind,
  type LineCounterText,
} from '../../domain/readers/line-counter-text.ts';
import type { LineCountsView } from './readers.ts';

export interface LineCounter extends LineCounterText {
  readonly kind: LineCounterKind;
  readonly count: number;
  /** Whether it can be told whose it was. */
  readonly isByReader: boolean;
}

/** Counts in plain words, in the order of the wire: line first, then readers. */
export function explainLineCounts(counts: LineCountsView): readonly LineCounter[] {
  return LINE_COUNTER_KINDS.flatMap((kind) => {
    const count = counts[kind] ?? 0;
    return count === 0 ? [] : [{ kind, count, isByReader: isCountedByReader(kind), ...LINE_COUNTER_TEXTS[kind] }];
  });
}
