import type { Entry } from '#gateway/http/contract/admin.ts';

/** What a terminal said of an enrolment that was ordered after `afterSeq`; null = nothing yet. */
export function outcomeIn(entries: readonly Entry[], afterSeq: number): 'done' | 'refused' | 'failed' | null {
  for (const { record, seq } of entries.toReversed()) {
    if (seq <= afterSeq || record.type !== 'credential' || record.kind !== 'face_template') continue;
    const [, result] = /^enrol:(done|refused|failed)$/.exec(record.cause) ?? [];
    if (result === 'done' || result === 'refused' || result === 'failed') return result;
  }
  return null;
}
