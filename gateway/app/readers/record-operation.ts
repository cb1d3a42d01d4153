import type { AuditRecord } from '../../domain/audit/record.ts';
import type { ReaderId } from '../../domain/site/ids.ts';
import type { AuditLog } from '../../ports/audit-log.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Random } from '../../ports/random.ts';
import type { OperationHead } from './operation-book.ts';

/** Alarm while a reader may be given a key by whoever answers for it. */
export const INSTALL_WINDOW_ALARM = 'osdp.install_window_open' as const;

export interface OperationLogDeps {
  readonly audit: Pick<AuditLog, 'append'>;
  readonly clock: Clock;
  readonly random: Random;
  readonly onUnrecorded: (record: { readonly type: string }) => void;
}

/** What operators did to readers, as the log keeps it: who, under which decision, what, how it ended. Never a key. */
export class OperationLog {
  readonly #deps: OperationLogDeps;

  constructor(deps: OperationLogDeps) {
    this.#deps = deps;
  }

  /** Resolves either way: an operation that has happened is not undone because the log is full. */
  async ended(head: OperationHead, readerId: ReaderId, result: string, details: readonly string[] = []): Promise<void> {
    const { clock, random } = this.#deps;
    await this.#append({
      type: 'directory_change',
      occurredAtMs: clock.nowMs(),
      changeId: random.id('chg'),
      subjectType: head.kind === 'rotate_keys' || head.kind === 'pair' ? 'reader_key' : 'reader',
      subjectId: readerId,
      personId: null,
      change: head.kind === 'test_line' ? 'tested' : 'replaced',
      changes: [head.kind, `result:${result}`, ...details, `decision:${head.decisionId}`, `operation:${head.id}`],
      digestBefore: null,
      digestAfter: null,
      operatorId: head.operatorId,
    });
  }

  async window(readerId: ReaderId, decisionId: string | null, active: boolean): Promise<void> {
    const source = { sourceType: 'reader', sourceId: readerId } as const;
    const cause = decisionId === null ? {} : { decisionId };
    await this.#append({ type: 'alarm', occurredAtMs: this.#deps.clock.nowMs(), code: INSTALL_WINDOW_ALARM, ...source, active, ...cause });
  }

  async #append(record: AuditRecord): Promise<void> {
    try {
      await this.#deps.audit.append(record);
    } catch {
      this.#deps.onUnrecorded(record);
    }
  }
}
