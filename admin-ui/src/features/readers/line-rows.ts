import type { ReaderFrames, WatchedFrameView } from '#gateway/http/contract/readers.ts';

/** Rows on the page; older ones go. */
export const LINE_ROWS_MAX = 500;

export interface LineRows {
  readonly rows: readonly WatchedFrameView[];
  readonly lastSeq: number;
  readonly idleFrames: number;
  /** Frames are missing before the row with this number; null when none are. */
  readonly gapBefore: number | null;
}

export const NO_ROWS: LineRows = { rows: [], lastSeq: 0, idleFrames: 0, gapBefore: null };

/** Appends an answer. A door controller that was started again counts from the beginning, and so do the rows. */
export function appendFrames(before: LineRows, answer: ReaderFrames): LineRows {
  const isNewRun = answer.lastSeq < before.lastSeq;
  const first = answer.frames[0]?.seq ?? null;
  return {
    rows: isNewRun ? answer.frames.slice(-LINE_ROWS_MAX) : [...before.rows, ...answer.frames].slice(-LINE_ROWS_MAX),
    lastSeq: answer.lastSeq,
    idleFrames: answer.idleFrames,
    gapBefore: answer.hasGap ? first : isNewRun ? null : before.gapBefore,
  };
}
