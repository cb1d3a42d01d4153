import type { QueuedCommand } from './in-flight.ts';

/** Commands whose answer may come later, by a poll, with its code. */
const ANSWERS = new Map<string | number, number>([
  ['BIOREAD', 0x57],
  ['BIOMATCH', 0x58],
  ['PIVDATA', 0x80],
  ['GENAUTH', 0x81],
  ['CRAUTH', 0x82],
  ['PAIR', 0x8a],
  // The same without a codec.
  [0x73, 0x57],
  [0x74, 0x58],
  [0xa3, 0x80],
  [0xa4, 0x81],
  [0xa5, 0x82],
  [0xb0, 0x8a],
]);

/** It waits while another of its kind runs. */
export function isLong(command: QueuedCommand): boolean {
  return answerCodeOf(command) !== null;
}

export function answerCodeOf({ command }: QueuedCommand): number | null {
  return ANSWERS.get(command.name === 'RAW_COMMAND' ? command.body.code : command.name) ?? null;
}
