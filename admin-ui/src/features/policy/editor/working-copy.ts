import { z } from 'zod';
import { isDraftTest, type RevisionDetailView } from '#gateway/http/contract/policy.ts';

type Content = RevisionDetailView['content'];

/** What was changed and not saved yet: the new text of each file, or null for one that was removed. */
const editsSchema = z.record(z.string(), z.string().nullable());
export type Edits = z.infer<typeof editsSchema>;

const keptSchema = z.strictObject({ edits: editsSchema, note: z.string(), atMs: z.number() });
export type KeptCopy = z.infer<typeof keptSchema>;

export const filesOf = ({ files, tests }: Content): ReadonlyMap<string, string> =>
  new Map([...files, ...tests].map(({ path, text }) => [path, text]));

/** The files as they stand with the edits, by path. */
export function withEdits(base: ReadonlyMap<string, string>, edits: Edits): ReadonlyMap<string, string> {
  const files = new Map(base);
  for (const [path, text] of Object.entries(edits)) {
    if (text === null) files.delete(path);
    else files.set(path, text);
  }
  return new Map([...files].sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** Without edits that change nothing, such as one that was taken back. */
export function realEdits(base: ReadonlyMap<string, string>, edits: Edits): Edits {
  return Object.fromEntries(Object.entries(edits).filter(([path, text]) => (base.get(path) ?? null) !== text));
}

export function toContent(files: ReadonlyMap<string, string>): Content {
  const all = [...files].map(([path, text]) => ({ path, text }));
  return { files: all.filter(({ path }) => !isDraftTest(path)), tests: all.filter(({ path }) => isDraftTest(path)) };
}

/** Unsaved edits live as long as the tab, and never leave it: a reload or another page does not lose them. */
export interface CopyStore {
  read(baseId: string): KeptCopy | null;
  /** False when the browser would not keep it. */
  write(baseId: string, copy: KeptCopy): boolean;
  remove(baseId: string): void;
}

export function createCopyStore(storage: Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>, operatorId: string): CopyStore {
  const keyOf = (baseId: string): string => `gatehouse.policy.${operatorId}.${baseId}`;
  return {
    read: (baseId) => {
      try {
        return keptSchema.parse(JSON.parse(storage.getItem(keyOf(baseId)) ?? 'null'));
      } catch {
        // Nothing kept, or something that this program did not write.
        return null;
      }
    },
    write: (baseId, copy) => {
      try {
        storage.setItem(keyOf(baseId), JSON.stringify(copy));
        return true;
      } catch {
        // Full, or forbidden: the page says so.
        return false;
      }
    },
    remove: (baseId) => storage.removeItem(keyOf(baseId)),
  };
}
