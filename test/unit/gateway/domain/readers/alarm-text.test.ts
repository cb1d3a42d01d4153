import { describe, expect, it } from 'vitest';
import type { INSTALL_WINDOW_ALARM } from '#gateway/app/readers/record-operation.ts';
import { READER_ALARM_TEXTS } from '#gateway/domain/readers/alarm-text.ts';
import { explainReaderAlarm } from '#gateway/http/contract/reader-alarms.ts';
import type { ReaderAlarmCode } from '#gateway/ports/readers.ts';

/** Does not compile while a code of the port has no words. */
const texts: Readonly<Record<ReaderAlarmCode | typeof INSTALL_WINDOW_ALARM, unknown>> = READER_ALARM_TEXTS;

describe('alarms of readers', () => {
  it('all have words of their own', () => {
    const labels = Object.keys(texts).map((code) => explainReaderAlarm(code).label);
    expect(new Set(labels).size).toBe(labels.length);
    expect(labels.filter((label) => label.startsWith('osdp.'))).toEqual([]);
  });

  it('that a newer gateway raises are shown by their code', () => {
    expect(explainReaderAlarm('osdp.from_tomorrow').label).toBe('osdp.from_tomorrow');
  });
});
