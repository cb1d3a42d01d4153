import type { DecisionRecord } from '../../../domain/audit/record.ts';
import type { ReplayWindow } from '../../../domain/policy/impact-report.ts';
import { AUDIT_READ_MAX, type AuditReader } from '../../../ports/audit-log.ts';

export interface DecisionPage {
  readonly decisions: readonly DecisionRecord[];
  /** How much of the window is behind once this page is, 0..1. */
  readonly share01: number;
}

type Reader = Pick<AuditReader, 'read' | 'headSeq'>;

/** Every decision that arrived in the window, page by page, oldest first. The log's order is the order of arrival. */
export async function* readWindow(log: Reader, { fromMs, toMs }: ReplayWindow): AsyncGenerator<DecisionPage> {
  const lastSeq = (await firstAtOrAfter(log, toMs)) - 1;
  const firstSeq = await firstAtOrAfter(log, fromMs);
  let afterSeq = firstSeq - 1;
  while (afterSeq < lastSeq) {
    const entries = await log.read({ from: { afterSeq }, limit: AUDIT_READ_MAX, types: ['decision'] });
    const inside = entries.filter(({ seq }) => seq <= lastSeq);
    const isLast = entries.length < AUDIT_READ_MAX || inside.length < entries.length;
    afterSeq = isLast ? lastSeq : (entries.at(-1)?.seq ?? lastSeq);
    const decisions = inside.flatMap(({ record }) => (record.type === 'decision' ? [record] : []));
    yield { decisions, share01: (afterSeq - firstSeq + 1) / Math.max(1, lastSeq - firstSeq + 1) };
  }
}

/** Seq of the first entry that arrived then or later; one beyond the head when there is none. */
async function firstAtOrAfter(log: Reader, atMs: number): Promise<number> {
  let low = 1;
  let high = (await log.headSeq()) + 1;
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    const [entry] = await log.read({ from: { afterSeq: middle - 1 }, limit: 1 });
    if (entry !== undefined && entry.arrivedAtMs < atMs) low = middle + 1;
    else high = middle;
  }
  return low;
}
