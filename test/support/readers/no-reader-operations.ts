import type { ReaderOperations } from '#gateway/ports/reader-operations.ts';

/** A door node whose readers nobody maintains. */
export const noReaderOperations: ReaderOperations = {
  begin: () => Promise.resolve({ ok: false, code: 'reader.unknown' }),
  find: () => Promise.resolve(null),
  list: () => Promise.resolve([]),
  cancel: () => Promise.resolve(false),
  conditions: () => Promise.resolve([]),
};
