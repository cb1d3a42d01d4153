import type { ReaderWatch } from '#gateway/ports/reader-watch.ts';

/** A door node without readers. */
export const noReaderWatch: ReaderWatch = {
  readers: () => Promise.resolve([]),
  lines: () => Promise.resolve([]),
  frames: () => Promise.resolve(null),
};
