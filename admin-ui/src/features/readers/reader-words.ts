import type { ReaderView } from '#gateway/http/contract/readers.ts';
import type { Tone } from '../../shared/log/describe-record.ts';

const causes: Readonly<Record<NonNullable<ReaderView['offlineCause']>, string>> = {
  never_seen: 'never answered',
  timeout: 'stopped answering',
  link_down: 'its line is down',
  secure_channel_failed: 'no secure channel',
  polls_refused: 'refuses to be polled',
  stopped: 'stopped',
};

/** How a reader stands. Not known while nobody can tell, whatever was heard before. */
export function describeReader(
  reader: ReaderView,
  notKnown: string | null,
): { readonly tone: Tone; readonly label: string; readonly detail: string } {
  if (notKnown !== null) return { tone: 'unknown', label: 'Not known', detail: notKnown };
  if (reader.online) return { tone: 'ok', label: 'Online', detail: 'secure channel with its own key' };
  return { tone: 'warn', label: 'Not answering', detail: causes[reader.offlineCause ?? 'never_seen'] };
}

export function identityText({ identity }: ReaderView): string {
  if (identity === null) return 'not heard yet';
  return `vendor ${identity.vendor}, model ${identity.model}.${identity.version}, firmware ${identity.firmware}`;
}

/** Of all frames sent, those that had to be sent again, in percent. */
export function retryText({ traffic }: ReaderView): string {
  if (traffic.exchanges === 0) return 'none yet';
  return `${traffic.retries} (${((100 * traffic.retries) / traffic.exchanges).toFixed(1)} %)`;
}
