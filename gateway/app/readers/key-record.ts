import { z } from 'zod';
import { GatewayError } from '../../domain/errors.ts';
import { FORMER_KEYS_MAX, importedKey, type ReaderKeyState } from '../../domain/readers/reader-keys.ts';
import { tryParse } from '../../domain/try-parse.ts';

/** A record of just these lengths is a key as it was given by hand, and nothing else. */
const BARE_LENGTHS: ReadonlySet<number> = new Set([16, 32]);
const VERSION = 1;
const HEADER_LENGTH_BYTES = 5;
const META_BYTES_MAX = 4_096;

const epochMs = z.int().min(0);
const metaSchema = z.strictObject({
  origin: z.enum(['imported', 'installed', 'rotated', 'diversified']),
  setAtMs: epochMs.nullable(),
  confirmedAtMs: epochMs.nullable(),
  nextSetAtMs: epochMs.nullable(),
  // Absent in records from before there were master keys.
  masterGeneration: z.int().min(1).nullable().default(null),
  nextMasterGeneration: z.int().min(1).nullable().default(null),
  hasNext: z.boolean(),
  hasWindow: z.boolean(),
  isVoid: z.boolean(),
  rotation: z.strictObject({ operationId: z.string(), operatorId: z.string(), decisionId: z.string(), sinceMs: epochMs }).nullable(),
  place: z.strictObject({ fromAddress: z.int(), address: z.int(), baud: z.int() }).nullable(),
});

/**
 * Version, length of a key, number of keys, length of the JSON (LE16), JSON without any key, keys. Keys are never in a string, which could not be
 * overwritten. A key that was given by hand, with nothing else to say, is kept bare. The result is the caller's, who zeroes it.
 */
export function encodeKeyRecord(state: ReaderKeyState): Uint8Array {
  if (isBare(state)) return Uint8Array.from(state.current);
  const { current, next, former, ...meta } = state;
  const keys = [current, ...(next === null ? [] : [next]), ...former];
  const text = Buffer.from(JSON.stringify({ ...meta, hasNext: next !== null } satisfies z.input<typeof metaSchema>), 'utf8');
  const record = new Uint8Array(HEADER_LENGTH_BYTES + text.length + keys.length * current.length);
  record.set([VERSION, current.length, keys.length, text.length & 0xff, text.length >> 8]);
  record.set(text, HEADER_LENGTH_BYTES);
  keys.forEach((key, index) => record.set(key, HEADER_LENGTH_BYTES + text.length + index * current.length));
  return record;
}

/** The keys are copies; `record` stays the caller's. A bare key is one that was given by hand. @throws secret.unavailable */
export function decodeKeyRecord(record: Uint8Array): ReaderKeyState {
  if (BARE_LENGTHS.has(record.length)) return importedKey(Uint8Array.from(record));
  const [version, keyLength = 0, count = 0, low = 0, high = 0] = record;
  const metaLength = low | (high << 8);
  const keysAt = HEADER_LENGTH_BYTES + metaLength;
  const isWhole = version === VERSION && metaLength <= META_BYTES_MAX && record.length === keysAt + count * keyLength;
  if (!isWhole || !BARE_LENGTHS.has(keyLength) || count < 1 || count > 2 + FORMER_KEYS_MAX) throw damaged();
  const parsed = tryParse(metaSchema, parseJson(Buffer.from(record.subarray(HEADER_LENGTH_BYTES, keysAt)).toString('utf8')));
  if (!parsed.success) throw damaged();
  const { hasNext, ...meta } = parsed.data;
  const keys = Array.from({ length: count }, (_, index) => record.slice(keysAt + index * keyLength, keysAt + (index + 1) * keyLength));
  const [current, ...others] = keys;
  if (current === undefined || (hasNext && others.length === 0)) throw damaged();
  return { ...meta, current, next: hasNext ? (others[0] ?? null) : null, former: hasNext ? others.slice(1) : others };
}

function isBare(state: ReaderKeyState): boolean {
  const { former, ...bare } = importedKey(state.current);
  const names = Object.keys(bare) as (keyof typeof bare)[];
  return state.former.length === former.length && names.every((name) => state[name] === bare[name]);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return null;
  }
}

function damaged(): GatewayError {
  return new GatewayError('secret.unavailable', 'The stored keys of a reader are damaged.');
}
