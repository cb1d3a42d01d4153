import type { DoorView } from '#gateway/http/contract/admin.ts';
import type { Tone } from './describe-record.ts';

type Status = DoorView['status'];

/** A door in one word and one line. The worst truth wins; a state that is not known is never shown as locked. */
export interface DoorWords {
  readonly tone: Tone;
  readonly icon: 'locked' | 'unlocked' | 'open' | 'alarm' | 'unknown' | 'free' | 'down';
  readonly label: string;
  readonly detail: string;
}

const faults: Readonly<Record<Status['fault'], string>> = {
  none: '',
  unconfigured: 'not configured',
  node_offline: 'door node offline',
  bus_offline: 'bus offline',
  reader_offline: 'reader not answering',
  keys_tampered: 'reader keys tampered',
  unknown: 'cause unknown',
};

export function faultText(fault: Status['fault']): string {
  return faults[fault];
}

export function describeDoor(status: Status): DoorWords {
  const contact = status.contact === 'unknown' ? 'contact unknown' : status.contact;
  if (status.forced) return { tone: 'deny', icon: 'alarm', label: 'Forced open', detail: 'Opened without a release' };
  if (status.tamper) return { tone: 'deny', icon: 'alarm', label: 'Tamper', detail: contact };
  if (status.fault !== 'none') return { tone: 'unknown', icon: 'unknown', label: 'Unknown', detail: faults[status.fault] };
  if (status.openTooLong) return { tone: 'warn', icon: 'alarm', label: 'Open too long', detail: contact };
  if (status.contact === 'open') return { tone: 'warn', icon: 'open', label: 'Open', detail: `lock ${status.lock}` };
  if (status.lock === 'unknown' || status.contact === 'unknown') {
    return { tone: 'unknown', icon: 'unknown', label: 'Unknown', detail: `${contact}, lock ${status.lock}` };
  }
  if (status.mode === 'locked_down') return { tone: 'deny', icon: 'down', label: 'Locked down', detail: 'way out stays free' };
  if (status.mode === 'free') return { tone: 'warn', icon: 'free', label: 'Free access', detail: contact };
  if (status.lock === 'unlocked') return { tone: 'ok', icon: 'unlocked', label: 'Unlocked', detail: contact };
  return { tone: 'info', icon: 'locked', label: 'Locked', detail: contact };
}

/** For a door that is not heard any more: what it was, said as the past that it is. */
export function lastHeardText(status: Status): string {
  const { label, detail } = describeDoor(status);
  return `last heard: ${[label.toLowerCase(), detail].filter((text) => text !== '').join(', ')}`;
}
