import { explainOffline } from '#gateway/http/contract/reader-alarms.ts';
import type { ReaderView } from '#gateway/http/contract/readers.ts';
import type { Tone } from '../../shared/log/describe-record.ts';

/** How a reader stands. Not known while nobody can tell, whatever was heard before. */
export function describeReader(
  reader: ReaderView,
  notKnown: string | null,
): { readonly tone: Tone; readonly label: string; readonly detail: string } {
  if (notKnown !== null) return { tone: 'unknown', label: 'Not known', detail: notKnown };
  if (reader.condition?.tampered === true) return { tone: 'deny', label: 'Tampered with', detail: 'its housing is open, or it was moved' };
  if (reader.online) return { tone: 'ok', label: 'Online', detail: 'secure channel with its own key' };
  return { tone: 'warn', label: 'Not answering', detail: explainOffline(reader.offlineCause).label };
}

export function identityText({ identity }: ReaderView): string {
  if (identity === null) return 'not heard yet';
  return `vendor ${identity.vendor}, model ${identity.model}.${identity.version}, firmware ${identity.firmware}`;
}

/** Of all frames sent, those that had to be sent again, in percent. */
export function retryText({ traffic }: ReaderView): string {
  if (traffic.exchanges === 0) return 'none yet';
  const percent = (100 * traffic.retries) / traffic.exchanges;
  if (traffic.retries === 0) return 'none';
  return `${count(traffic.retries)} (${percent < 0.1 ? 'under 0.1' : percent.toFixed(1)} %)`;
}

export const count = (value: number): string => value.toLocaleString('en');

export function timesText(times: number): string {
  if (times === 0) return 'never';
  return times === 1 ? 'once' : `${count(times)} times`;
}

/** What to do about a reader that does not answer or was opened; null for one that is well. */
export function nextStep(reader: ReaderView): string | null {
  if (reader.condition?.tampered === true) {
    return 'Send somebody to look at it. Doors from security level 3 on take no badge at it until its switch is closed; the way out stays free.';
  }
  return reader.online ? null : explainOffline(reader.offlineCause).remedy;
}

/** What it says of its housing and its power. */
export function conditionText({ condition, online }: ReaderView): string {
  if (condition === null) return online ? 'it does not say' : 'not known';
  const housing = condition.tampered ? 'tampered with' : 'closed';
  return `${housing}, power ${condition.powerFailed ? 'failing' : 'good'}`;
}
