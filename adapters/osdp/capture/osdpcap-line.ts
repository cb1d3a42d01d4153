import { CAPTURE_DATA_MAX, CAPTURE_LINE_MAX, CAPTURE_SOURCE_MAX } from './limits.ts';

/** The only version there is. */
const TRACE_VERSION = '1';
const NANO_DIGITS = 9;
const NANOS_MAX = 999_999_999;
const NANOS_PER_MS = 1_000_000;
const MS_PER_S = 1_000;
/** Bytes with a dash or a blank between them, or nothing; some programs put one before the first. */
const HEX = /^[ -]?(?:[0-9a-fA-F]{2}(?:[ -]?(?=[0-9a-fA-F])|[ -]?$))+$/;

/** One packet of a capture. */
export interface CaptureRecord {
  /** Since 1970. */
  readonly seconds: number;
  readonly nanos: number;
  /** `input` came to the recorder, `output` went out from it, `trace` was overheard. */
  readonly io: 'input' | 'output' | 'trace';
  readonly bytes: Uint8Array;
  /** The program that recorded it. */
  readonly source: string;
}

export type ParsedCaptureLine = { readonly ok: true; readonly record: CaptureRecord } | { readonly ok: false; readonly problem: string };

const IO: readonly string[] = ['input', 'output', 'trace'] satisfies CaptureRecord['io'][];
const isIo = (value: string): value is CaptureRecord['io'] => IO.includes(value);

/**
 * One line of an .osdpcap file, as OSDP.Net's and SIA's tools write it: a JSON object whose values are strings. Strict in what the fields hold;
 * fields that it does not know are left alone, because every recorder adds its own.
 */
export function parseCaptureLine(line: string): ParsedCaptureLine {
  if (line.length > CAPTURE_LINE_MAX) return problem(`is longer than ${CAPTURE_LINE_MAX} characters`);
  const entry = parseObject(line);
  if (entry === null) return problem('is not a JSON object');
  const seconds = toNumber(entry['timeSec'], Number.MAX_SAFE_INTEGER / MS_PER_S);
  if (seconds === null) return problem('has no timeSec of whole seconds');
  const nanos = toNumber(entry['timeNano'], NANOS_MAX);
  if (nanos === null) return problem(`has no timeNano of 0 to ${NANOS_MAX}`);
  const io = entry['io'];
  if (typeof io !== 'string' || !isIo(io)) return problem('has no io of input, output or trace');
  const bytes = toBytes(entry['data']);
  if (bytes === null) return problem(`has no data of 1 to ${CAPTURE_DATA_MAX} bytes in hex`);
  if (entry['osdpTraceVersion'] !== TRACE_VERSION) return problem(`is not of osdpTraceVersion ${TRACE_VERSION}`);
  const source = entry['osdpSource'] ?? '';
  if (typeof source !== 'string' || source.length > CAPTURE_SOURCE_MAX) return problem('has an osdpSource that is no short text');
  return { ok: true, record: { seconds, nanos, io, bytes, source } };
}

/** Without the line end. @throws TypeError for a record that `parseCaptureLine` would refuse. */
export function encodeCaptureLine({ seconds, nanos, io, bytes, source }: CaptureRecord): string {
  if (bytes.length === 0 || bytes.length > CAPTURE_DATA_MAX) throw new TypeError(`a record has 1..${CAPTURE_DATA_MAX} bytes`);
  if (source.length > CAPTURE_SOURCE_MAX) throw new TypeError(`a source has at most ${CAPTURE_SOURCE_MAX} characters`);
  if (!Number.isSafeInteger(seconds) || seconds < 0 || !Number.isInteger(nanos) || nanos < 0 || nanos > NANOS_MAX) {
    throw new TypeError('not a time since 1970');
  }
  return JSON.stringify({
    timeSec: String(seconds),
    timeNano: String(nanos).padStart(NANO_DIGITS, '0'),
    io,
    data: Array.from(bytes, (byte) => byte.toString(16).toUpperCase().padStart(2, '0')).join('-'),
    osdpTraceVersion: TRACE_VERSION,
    osdpSource: source,
  });
}

/** Milliseconds since 1970, with fractions. */
export function toEpochMs({ seconds, nanos }: Pick<CaptureRecord, 'seconds' | 'nanos'>): number {
  return seconds * MS_PER_S + nanos / NANOS_PER_MS;
}

export function toCaptureTime(epochMs: number): Pick<CaptureRecord, 'seconds' | 'nanos'> {
  const seconds = Math.floor(epochMs / MS_PER_S);
  return { seconds, nanos: Math.min(NANOS_MAX, Math.round((epochMs - seconds * MS_PER_S) * NANOS_PER_MS)) };
}

function problem(text: string): ParsedCaptureLine {
  return { ok: false, problem: text };
}

function parseObject(line: string): Readonly<Record<string, unknown>> | null {
  try {
    const value = JSON.parse(line) as unknown;
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Readonly<Record<string, unknown>>) : null; // an object
  } catch {
    // What is wrong with it in detail says nothing that the line does not show.
    return null;
  }
}

/** Digits in a string, as every recorder writes them, or a plain number. */
function toNumber(value: unknown, max: number): number | null {
  const text = typeof value === 'number' ? String(value) : value;
  if (typeof text !== 'string' || !/^\d{1,16}$/.test(text)) return null;
  const number = Number(text);
  return number <= max ? number : null;
}

function toBytes(value: unknown): Uint8Array | null {
  if (typeof value !== 'string' || !HEX.test(value)) return null;
  const bytes = Uint8Array.from(Buffer.from(value.replaceAll(/[ -]/g, ''), 'hex'));
  return bytes.length <= CAPTURE_DATA_MAX ? bytes : null;
}
