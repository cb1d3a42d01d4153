import type { ReaderId } from '../../domain/site/ids.ts';
import type { Clock } from '../../ports/clock.ts';
import type { LineQuality, ReaderMaintenance } from '../../ports/reader-maintenance.ts';
import type { OperationRequest } from '../../ports/reader-operations.ts';
import type { OperationBook, OperationHead } from './operation-book.ts';
import type { OperationLog } from './record-operation.ts';

export interface LineTestsDeps {
  readonly maintenance: Pick<ReaderMaintenance, 'testLine'>;
  readonly book: OperationBook;
  readonly log: OperationLog;
  readonly clock: Clock;
}

type Request = Extract<OperationRequest, { readonly kind: 'test_line' }>;

/** Tests of line quality: one reader after another, so that each is judged beside the polls of the others and not beside their tests. */
export class LineTests {
  readonly #deps: LineTestsDeps;
  readonly #running = new Map<string, AbortController>();

  constructor(deps: LineTestsDeps) {
    this.#deps = deps;
  }

  async run(head: OperationHead, { readerIds, exchanges }: Request): Promise<void> {
    const abort = new AbortController();
    this.#running.set(head.id, abort);
    try {
      for (const readerId of readerIds) await this.#test(head, readerId, { exchanges, signal: abort.signal });
    } finally {
      this.#running.delete(head.id);
    }
  }

  /** Readers that are done keep their verdict. */
  cancel(operationId: string): boolean {
    const abort = this.#running.get(operationId);
    abort?.abort();
    return abort !== undefined;
  }

  cancelAll(): void {
    for (const abort of this.#running.values()) abort.abort();
  }

  async #test(head: OperationHead, readerId: ReaderId, { exchanges, signal }: { exchanges: number; signal: AbortSignal }): Promise<void> {
    const { maintenance, book, log, clock } = this.#deps;
    const tell = (change: Parameters<OperationBook['tell']>[2]): boolean => book.tell(head.id, readerId, change, clock.nowMs());
    const told = (done: number, quality: LineQuality | null) => ({ test: { done, total: exchanges, quality } });
    tell({ state: 'running', stage: 'testing', ...told(0, null) });
    const onProgress = (done: number): void => void tell(told(done, null));
    const result = signal.aborted ? null : await maintenance.testLine(readerId, { exchanges, signal, onProgress });
    const quality = result?.ok === true ? result.quality : null;
    const done = quality === null ? 0 : quality.exchanges + quality.failed;
    const code = codeOf(result, { done, exchanges, signal });
    const state = code === null ? 'done' : code === 'reader.aborted' ? 'cancelled' : 'failed';
    if (tell({ state, code, ...told(done, quality) })) await log.ended(head, readerId, code ?? 'ok', detailsOf(quality));
  }
}

/** A test that came to no end says nothing of the line: only that the reader left it, or that somebody stopped it. */
function codeOf(
  result: Awaited<ReturnType<ReaderMaintenance['testLine']>> | null,
  { done, exchanges, signal }: { readonly done: number; readonly exchanges: number; readonly signal: AbortSignal },
): string | null {
  if (result?.ok === true && done >= exchanges) return null;
  if (signal.aborted) return 'reader.aborted';
  return result?.ok === false ? result.code : 'reader.offline';
}

function detailsOf(quality: LineQuality | null): readonly string[] {
  if (quality === null) return [];
  const { verdict, exchanges, failed, retries, badChecks } = quality;
  return [`verdict:${verdict}`, `exchanges:${exchanges}`, `failed:${failed}`, `repeated:${retries}`, `wrong_checks:${badChecks}`];
}
