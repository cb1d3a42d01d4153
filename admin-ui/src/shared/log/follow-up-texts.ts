import type { Entry } from '#gateway/http/contract/admin.ts';
import { describeRecord } from './describe-record.ts';
import type { FeedRow } from './feed-rows.ts';

type Record_ = Entry['record'];
type DoorRecord = Extract<Record_, { readonly type: 'door_state' }>;

interface FollowUpText {
  readonly text: string;
  /** The row's decision was not carried out as it says. */
  readonly failed: boolean;
}

/** What followed, in as few words as it takes: a door that was opened was unlocked, and who entered is inside. */
export function followUpTexts({ entry, followUps }: FeedRow): readonly FollowUpText[] {
  const records = followUps.map(({ record }) => record);
  const passage = passageText(
    records.filter((record) => record.type === 'door_state'),
    entry.record.occurredAtMs,
  );
  const entered = records.some((record) => record.type === 'outcome' && record.outcome === 'entered');
  const texts = new Map<string, boolean>();
  if (passage !== null) texts.set(passage, false);
  for (const record of records) {
    if (record.type === 'door_state' || (record.type === 'presence' && entered && record.state === 'inside')) continue;
    if (passage !== null && record.type === 'outcome' && record.outcome === 'unlocked') continue;
    const failed = record.type === 'outcome' && (record.outcome === 'unlock_failed' || record.outcome === 'withheld');
    texts.set(otherText(record), failed);
  }
  return [...texts].map(([text, failed]) => ({ text, failed }));
}

function passageText(records: readonly DoorRecord[], startMs: number): string | null {
  const after = (record: DoorRecord): string => afterText(record.occurredAtMs - startMs);
  const contacts = records.filter((record) => record.cause === 'contact');
  const openings = contacts.filter((record) => record.state.contact === 'open');
  const [opened] = openings;
  const last = contacts.at(-1);
  if (opened === undefined || last === undefined) {
    const relocked = records.find((record) => record.cause === 'output' && record.state.lock === 'locked');
    if (relocked !== undefined) return `unlocked, locked again ${after(relocked)}`;
    return records.some((record) => record.state.lock === 'unlocked') ? 'unlocked' : null;
  }
  const times = openings.length > 1 ? `opened ${String(openings.length)} times, first` : 'opened';
  return `${times} ${after(opened)}${last.state.contact === 'closed' ? `, closed ${after(last)}` : ''}`;
}

function otherText(record: Record_): string {
  if (record.type === 'presence') return `now ${record.state}`;
  // Of the provider and of the app: for the row it is one sign-in.
  if (record.type === 'session' && record.event === 'started') return 'session started';
  const { label, text } = describeRecord(record);
  return record.type === 'session' ? text : label.toLowerCase();
}

/** Below 50 ms, and below nothing when the clock was set back meanwhile, it is `at once`. */
export function afterText(ms: number): string {
  const seconds = ms / 1_000;
  if (seconds < 0.05) return 'at once';
  if (seconds < 10) return `after ${seconds.toFixed(1)} s`;
  return seconds < 120 ? `after ${seconds.toFixed(0)} s` : `after ${(seconds / 60).toFixed(0)} min`;
}
