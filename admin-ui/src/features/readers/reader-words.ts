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
  if (reader.condition?.tampered === true) return { tone: 'deny', label: 'Tampered with', detail: 'its housing is open, or it was moved' };
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
  const percent = (100 * traffic.retries) / traffic.exchanges;
  if (traffic.retries === 0) return 'none';
  return `${count(traffic.retries)} (${percent < 0.1 ? 'under 0.1' : percent.toFixed(1)} %)`;
}

export const count = (value: number): string => value.toLocaleString('en');

export function timesText(times: number): string {
  if (times === 0) return 'never';
  return times === 1 ? 'once' : `${count(times)} times`;
}

const nextSteps: Readonly<Record<NonNullable<ReaderView['offlineCause']>, string>> = {
  never_seen: 'Check its power, cable, address and speed. gatehouse osdp scan finds what is on the line.',
  timeout: 'Check its power and cable. If others of its line do not answer either, it is the line. It is found again by itself.',
  link_down: 'Check the serial server or adapter of this line, and that nobody else uses it. It is opened again by itself.',
  secure_channel_failed: 'Its key does not fit, or it will not encrypt: the alarms below say which. A new or reset reader is paired.',
  polls_refused: 'It opens a channel and then refuses to be asked. Restart it; if it stays so, update its firmware.',
  stopped: 'The door controller has stopped this line.',
};

/** What to do about a reader that does not answer or was opened; null for one that is well. */
export function nextStep(reader: ReaderView): string | null {
  if (reader.condition?.tampered === true) {
    return 'Send somebody to look at it. Doors from security level 3 on take no badge at it until its switch is closed; the way out stays free.';
  }
  return reader.online ? null : nextSteps[reader.offlineCause ?? 'never_seen'];
}

/** What it says of its housing and its power. */
export function conditionText({ condition, online }: ReaderView): string {
  if (condition === null) return online ? 'it does not say' : 'not known';
  const housing = condition.tampered ? 'tampered with' : 'closed';
  return `${housing}, power ${condition.powerFailed ? 'failing' : 'good'}`;
}
