import type { ReaderId } from '../../domain/site/ids.ts';
import type { OperationKind, OperationProgress, OperationView } from '../../ports/reader-operations.ts';
import { OPERATIONS_AT_ONCE_MAX, OPERATIONS_KEPT_MAX } from '../../ports/reader-operations.ts';

export interface OperationHead {
  readonly id: string;
  readonly kind: OperationKind;
  readonly operatorId: string;
  readonly decisionId: string;
  readonly beganAtMs: number;
}

interface Entry {
  readonly head: OperationHead;
  endedAtMs: number | null;
  readonly readers: Map<ReaderId, OperationProgress>;
}

const OVER: ReadonlySet<OperationProgress['state']> = new Set(['done', 'failed', 'cancelled']);
export const isOver = ({ state }: OperationProgress): boolean => OVER.has(state);

/** Operations and how far they are. The oldest that are over are forgotten. */
export class OperationBook {
  readonly #entries = new Map<string, Entry>();

  get isFull(): boolean {
    return [...this.#entries.values()].filter(({ endedAtMs }) => endedAtMs === null).length >= OPERATIONS_AT_ONCE_MAX;
  }

  open(head: OperationHead, readerIds: readonly ReaderId[]): OperationView {
    for (const [id, { endedAtMs }] of this.#entries) {
      if (this.#entries.size < OPERATIONS_KEPT_MAX) break;
      if (endedAtMs !== null) this.#entries.delete(id);
    }
    const readers = new Map(
      readerIds.map((readerId) => [
        readerId,
        { readerId, state: 'pending', stage: null, code: null, sentBytes: 0, totalBytes: 0, test: null } as const,
      ]),
    );
    const entry: Entry = { head, endedAtMs: null, readers };
    this.#entries.set(head.id, entry);
    return toView(entry);
  }

  head(id: string): OperationHead | null {
    return this.#entries.get(id)?.head ?? null;
  }

  progress(id: string, readerId: ReaderId): OperationProgress | null {
    return this.#entries.get(id)?.readers.get(readerId) ?? null;
  }

  /** What is over stays as it is. True when something changed. */
  tell(id: string, readerId: ReaderId, change: Partial<Omit<OperationProgress, 'readerId'>>, nowMs: number): boolean {
    const entry = this.#entries.get(id);
    const before = entry?.readers.get(readerId);
    if (entry === undefined || before === undefined || isOver(before)) return false;
    entry.readers.set(readerId, { ...before, ...change });
    if ([...entry.readers.values()].every(isOver)) entry.endedAtMs = nowMs;
    return true;
  }

  /** Of an operation that is not over: who is at work with this reader, or about to be. */
  isEngaged(readerId: ReaderId): boolean {
    return [...this.#entries.values()].some(({ readers }) => {
      const progress = readers.get(readerId);
      return progress !== undefined && !isOver(progress);
    });
  }

  isRunning(readerId: ReaderId): boolean {
    return [...this.#entries.values()].some(({ readers }) => readers.get(readerId)?.state === 'running');
  }

  hasOpen(kind: OperationKind): boolean {
    return [...this.#entries.values()].some(({ head, endedAtMs }) => head.kind === kind && endedAtMs === null);
  }

  /** Not over, and of this kind: what waits for its turn. */
  pending(kind: OperationKind): readonly { readonly operationId: string; readonly readerId: ReaderId }[] {
    return [...this.#entries.values()].flatMap(({ head, readers }) =>
      head.kind !== kind
        ? []
        : [...readers.values()].flatMap(({ readerId, state }) => (state === 'pending' ? [{ operationId: head.id, readerId }] : [])),
    );
  }

  view(id: string): OperationView | null {
    const entry = this.#entries.get(id);
    return entry === undefined ? null : toView(entry);
  }

  views(): readonly OperationView[] {
    return [...this.#entries.values()].map(toView).reverse();
  }
}

function toView({ head, endedAtMs, readers }: Entry): OperationView {
  const { id, kind, operatorId, beganAtMs } = head;
  return { id, kind, operatorId, beganAtMs, endedAtMs, readers: [...readers.values()] };
}
