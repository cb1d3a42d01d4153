import { READER_ALARM_TEXTS, type ReaderAlarmText } from '../../domain/readers/alarm-text.ts';
import { OFFLINE_TEXTS, type OfflineText } from '../../domain/readers/offline-text.ts';
import type { ReaderView } from './readers.ts';

const texts: Readonly<Record<string, ReaderAlarmText>> = READER_ALARM_TEXTS;

/** An alarm of a reader in plain words. A code of a newer gateway is shown as it is, never dropped. */
export function explainReaderAlarm(code: string): ReaderAlarmText {
  return texts[code] ?? { label: code, meaning: code, remedy: 'Look at the reader, and quote this code to whoever maintains it.' };
}

/** Why a reader is off line, in plain words; one that was never heard of is one that never answered. */
export function explainOffline(cause: ReaderView['offlineCause']): OfflineText {
  return OFFLINE_TEXTS[cause ?? 'never_seen'];
}
