import type { Direction } from '../wire/direction.ts';

/** KEYSET: a key is never shown, whoever asks. */
const KEYSET = 0x75;

/** Harmless bodies by code. Everything else, also what no table knows, may hold a card, a PIN or a template. */
const OPEN_COMMANDS: ReadonlySet<number> = new Set([
  ...[0x60, 0x61, 0x62, 0x64, 0x65, 0x66, 0x67, 0x68, 0x69, 0x6a, 0x6b, 0x6c, 0x6d, 0x6e],
  ...[0x73, 0x76, 0x77, 0x7b, 0xa2, 0xa3, 0xa7, 0xb0],
]);
const OPEN_REPLIES: ReadonlySet<number> = new Set([
  ...[0x40, 0x45, 0x46, 0x48, 0x49, 0x4a, 0x4b, 0x54, 0x58, 0x59, 0x76, 0x78, 0x79, 0x7a, 0x8a],
]);
const NAK = 0x41;

/** Replies whose body lets somebody in: a card, a PIN, a finger. */
const CREDENTIAL_REPLIES: ReadonlySet<number> = new Set([0x50, 0x51, 0x53, 0x57, 0x80, 0x81, 0x82, 0xb1]);

export function isCredential(direction: Direction, code: number): boolean {
  return direction === 'reply' && CREDENTIAL_REPLIES.has(code);
}

/** Whether the body of this code has to stay hidden. */
export function isHidden(direction: Direction, code: number, reveal: boolean): boolean {
  if (direction === 'command') return code === KEYSET || (!reveal && !OPEN_COMMANDS.has(code));
  return !reveal && code !== NAK && !OPEN_REPLIES.has(code);
}
