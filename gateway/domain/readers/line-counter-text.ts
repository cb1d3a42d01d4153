/** What belongs to no reader, or came before it was known whose it was. */
const OF_THE_LINE = [
  'noise_bytes',
  'bad_check',
  'bad_length',
  'malformed_frame',
  'checksum_refused',
  'overdue',
  'foreign',
  'overheard',
  'recycled',
] as const;
/** What a reader said and nobody used. */
const OF_A_READER = [
  'duplicate_reply',
  'late_reply',
  'second_reply',
  'malformed_reply',
  'unknown_reply',
  'unsolicited_reply',
  'stale_card',
  'unsupported_card',
] as const;
/** What a line threw away or had to do again, by kind. Each is counted since the door controller started. */
export const LINE_COUNTER_KINDS = [...OF_THE_LINE, ...OF_A_READER] as const;
export type LineCounterKind = (typeof LINE_COUNTER_KINDS)[number];

/** Whether it can be told whose it was. */
export const isCountedByReader = (kind: LineCounterKind): boolean => (OF_A_READER as readonly LineCounterKind[]).includes(kind);

/** What a count means to a person, and what to do about it. */
export interface LineCounterText {
  readonly label: string;
  readonly meaning: string;
  readonly remedy: string;
}

const WIRING = 'A few are normal. If it grows: check cable, shield, termination and the distance to power lines, then run a line test.';
const IN_BETWEEN = 'If it grows without noise on the line: look for a device between gateway and reader.';

export const LINE_COUNTER_TEXTS: Readonly<Record<LineCounterKind, LineCounterText>> = {
  noise_bytes: { label: 'Noise bytes', meaning: 'Bytes that belong to no frame.', remedy: WIRING },
  bad_check: { label: 'Wrong check', meaning: 'Frames that were damaged on their way.', remedy: WIRING },
  bad_length: { label: 'Impossible length', meaning: 'Frames whose length cannot be, mostly damaged ones.', remedy: WIRING },
  malformed_frame: {
    label: 'Broken frame',
    meaning: 'Whole frames with a right check that are built wrongly.',
    remedy: 'Update the firmware of the reader. ' + IN_BETWEEN,
  },
  checksum_refused: {
    label: 'Checksum instead of CRC',
    meaning: 'Frames with the weak check of old readers. They are not taken.',
    remedy: 'Set the reader to CRC, or update its firmware.',
  },
  overdue: {
    label: 'No answer in time',
    meaning: 'Questions that nobody answered in time; each is asked again.',
    remedy: 'Normal while a reader is off line or restarts. Otherwise as for wrong checks: the wiring.',
  },
  foreign: {
    label: 'Answer from a foreign address',
    meaning: 'Answers of a reader that is not configured on this line.',
    remedy: 'Find the device (gatehouse osdp scan), then configure it or take it off the line.',
  },
  overheard: {
    label: 'Command of somebody else',
    meaning: 'Commands on the line that this gateway did not send.',
    remedy: 'Find the other controller: another gateway, a tool left behind, or an attacker. There is an alarm.',
  },
  recycled: {
    label: 'Line opened again',
    meaning: 'Nothing but noise or silence came, so the line was closed and opened anew.',
    remedy: 'Check the serial server or adapter, and its speed.',
  },
  duplicate_reply: {
    label: 'Same answer twice',
    meaning: 'A line that delivers an answer twice. The second one is ignored.',
    remedy: IN_BETWEEN,
  },
  late_reply: {
    label: 'Late answer',
    meaning: 'An answer came after the gateway had given up waiting.',
    remedy: 'Harmless at a slow reader or serial server. If cards feel slow there: update its firmware.',
  },
  second_reply: {
    label: 'Answer to a repetition',
    meaning: 'A slow reader answered the question and its repetition. The gateway gives it more time from then on.',
    remedy: 'Nothing.',
  },
  malformed_reply: {
    label: 'Answer not understood',
    meaning: 'Answers whose contents do not fit the standard. They are not used.',
    remedy: 'Update the firmware of the reader; send its maker a capture (gatehouse osdp sniff).',
  },
  unknown_reply: {
    label: 'Unknown answer',
    meaning: 'Answers with a code that the standard does not have.',
    remedy: 'Update the firmware of the reader; send its maker a capture (gatehouse osdp sniff).',
  },
  unsolicited_reply: {
    label: 'Answer that nobody asked for',
    meaning: 'Answers outside of their turn. They are never believed.',
    remedy: 'Look for two devices with one address (gatehouse osdp scan). ' + IN_BETWEEN,
  },
  stale_card: {
    label: 'Old card read',
    meaning: 'Cards that the reader kept while nobody listened. The person may be gone, so they open nothing.',
    remedy: 'Nothing: the person badges again. If it grows, see why the reader goes off line.',
  },
  unsupported_card: {
    label: 'Card in another form',
    meaning: 'Card reads in a form that is no card number, or longer than any card.',
    remedy: 'Set the reader to raw or Wiegand output.',
  },
};
