import { READER_ALARM_TEXTS, type ReaderAlarmText } from '../../domain/readers/alarm-text.ts';

const texts: Readonly<Record<string, ReaderAlarmText>> = READER_ALARM_TEXTS;

/** An alarm of a reader in plain words. A code of a newer gateway is shown as it is, never dropped. */
export function explainReaderAlarm(code: string): ReaderAlarmText {
  return texts[code] ?? { label: code, meaning: code, remedy: 'Look at the reader, and quote this code to whoever maintains it.' };
}
