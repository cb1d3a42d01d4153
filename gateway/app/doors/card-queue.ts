/** Reads that wait at one reader while an earlier one is decided; more are dropped, as a person would simply present the badge again. */
export const CARD_READS_WAITING_MAX = 4;

export interface CardQueue {
  /** Runs `work` after the reader's earlier ones; false when the reader has too many waiting. `work` must not throw. */
  add(readerId: string, work: () => Promise<void>): boolean;
  /** Resolves when everything that was added before is done. */
  settled(): Promise<void>;
}

/** One read at a time for each reader, readers side by side. */
export function createCardQueue(): CardQueue {
  const tails = new Map<string, { readonly promise: Promise<void>; readonly waiting: number }>();
  return {
    add: (readerId, work) => {
      const tail = tails.get(readerId);
      if (tail !== undefined && tail.waiting >= CARD_READS_WAITING_MAX) return false;
      const promise = (tail?.promise ?? Promise.resolve()).then(work).finally(() => {
        const now = tails.get(readerId);
        if (now === undefined || now.waiting <= 1) tails.delete(readerId);
        else tails.set(readerId, { ...now, waiting: now.waiting - 1 });
      });
      tails.set(readerId, { promise, waiting: (tail?.waiting ?? 0) + 1 });
      return true;
    },
    settled: async () => {
      await Promise.allSettled([...tails.values()].map(({ promise }) => promise));
    },
  };
}
