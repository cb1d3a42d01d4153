import type { ReaderId } from '#gateway/domain/site/ids.ts';
import type { ChannelVersion } from '../channels/channel-suite.ts';
import type { SessionConfig } from '../session/phase.ts';
import { type SessionState, initialSession } from '../session/state.ts';
import type { SessionEffect } from '../session/transition.ts';
import { type Choice, hasCommand } from './bus-schedule.ts';
import { ReaderMetrics } from './reader-metrics.ts';
import { ReplyPatience } from './reply-patience.ts';
import { TurnCost } from './turn-cost.ts';

/** A reader in the middle of something is polled more often for this long: the rest of a PIN, of a smart card's conversation. */
export const HOT_MS = 500;
/** And at least this often where the line has the time. */
export const HOT_POLL_INTERVAL_MS = 5;
const BITS_PER_BYTE = 10;

export interface BusReader {
  readonly readerId: ReaderId;
  /** 0..126 */
  readonly address: number;
  /** Its own speed on a serial line; the line's when left out. */
  readonly baud?: number;
  /** The only one that is spoken with it; 1 when left out. 2 is a draft. */
  readonly secureChannel?: ChannelVersion;
}

/** One reader of the line. Mutable, and the bus's alone. */
export interface Slot {
  readonly readerId: ReaderId;
  /** Where it is spoken to now; a change of its settings is tried before it is kept. */
  address: number;
  /** Null: the line's own. */
  baud: number | null;
  /** The speed from before the change that is being tried. */
  settledBaud: number | null;
  config: SessionConfig;
  readonly metrics: ReaderMetrics;
  readonly patience: ReplyPatience;
  readonly cost: TurnCost;
  state: SessionState;
  lastTurn: number;
  /** At its last turn of the round a poll went before its command. */
  wasPolledFirst: boolean;
  isBlocked: boolean;
  hotUntilMs: number;
  hasMore: boolean;
  scbk: Uint8Array | null;
  /** The second key, while the key store has two. */
  nextScbk: Uint8Array | null;
  /** Both are master keys. */
  isMaster: boolean;
  /** At its last handshake its key was held back: another reader has it too. */
  isKeyShared: boolean;
}

export function createSlot(reader: BusReader, line: { readonly pollIntervalMs: number; readonly byteTimeMs: number }): Slot {
  const byteTimeMs = byteTimeAt(reader.baud ?? null, line.byteTimeMs);
  const { address, secureChannel = 1 } = reader;
  const config = { address, pollIntervalMs: line.pollIntervalMs, byteTimeMs, secureChannel };
  return {
    readerId: reader.readerId,
    address: reader.address,
    baud: reader.baud ?? null,
    settledBaud: reader.baud ?? null,
    config,
    metrics: new ReaderMetrics(),
    patience: new ReplyPatience(),
    cost: new TurnCost(),
    state: initialSession(config),
    lastTurn: 0,
    wasPolledFirst: false,
    isBlocked: false,
    hotUntilMs: 0,
    hasMore: false,
    scbk: null,
    nextScbk: null,
    isMaster: false,
    isKeyShared: false,
  };
}

/** From now on the reader is spoken to there; null is the speed from before. The session knows its address already. */
export function moveSlot(slot: Slot, place: { readonly address: number; readonly baud: number | null }, lineByteTimeMs: number): void {
  slot.address = place.address;
  slot.baud = place.baud ?? slot.settledBaud;
  slot.config = { ...slot.config, address: place.address, byteTimeMs: byteTimeAt(slot.baud, lineByteTimeMs) };
  slot.state = { ...slot.state, config: slot.config };
}

/** It has the address, or is on its way there or back: whoever is sent there as well would answer together with it, and both are lost. */
export function claimsAddress({ address, state: { lineChange } }: Slot, wanted: number): boolean {
  return address === wanted || lineChange?.wanted.address === wanted || lineChange?.oldAddress === wanted;
}

/** A line without wire time has none at any speed. */
function byteTimeAt(baud: number | null, lineByteTimeMs: number): number {
  return baud !== null && lineByteTimeMs > 0 ? (BITS_PER_BYTE * 1_000) / baud : lineByteTimeMs;
}

/**
 * What a reader says that makes more of it likely: the next digit, the next part. Not a card: its decision leaves as a command anyway, and with 32
 * readers on a line the next card at another door would wait longer for it.
 */
export function isTraffic(effect: SessionEffect): boolean {
  return effect.kind === 'keypad' || effect.kind === 'reply' || effect.kind === 'transfer_progress';
}

/** A card may wait behind it in the reader: one more poll comes soon, until there was nothing. */
export function isReport({ kind }: SessionEffect): boolean {
  return kind === 'outputs' || kind === 'inputs' || kind === 'local_status';
}

export function heat(slot: Slot, nowMs: number): void {
  slot.hotUntilMs = nowMs + HOT_MS;
  const { state } = slot;
  if (slot.config.pollIntervalMs <= HOT_POLL_INTERVAL_MS || state.phase !== 'online' || state.exchange.name !== 'idle') return;
  const config = { ...slot.config, pollIntervalMs: HOT_POLL_INTERVAL_MS };
  slot.state = { ...state, config, dueMs: Math.min(state.dueMs, nowMs + HOT_POLL_INTERVAL_MS) };
}

export function coolDown(slot: Slot, nowMs: number): void {
  if (slot.hotUntilMs === 0 || nowMs < slot.hotUntilMs) return;
  slot.hotUntilMs = 0;
  slot.state = { ...slot.state, config: slot.config };
}

/**
 * A turn of the round is for the poll that is due, although a command waits: a card must not wait longer because of a light. When the command
 * was not sent beside the round until the next one, it comes first.
 */
export function takesPollFirst(slot: Slot, pick: Choice<Slot>['pick'], nowMs: number): boolean {
  const isContested = (pick === 'ordinary' || pick === 'waiting') && hasCommand(slot.state) && nowMs >= slot.state.dueMs;
  slot.wasPolledFirst = isContested && !slot.wasPolledFirst;
  return slot.wasPolledFirst;
}

export function dropKey(slot: Slot): void {
  slot.scbk?.fill(0);
  slot.nextScbk?.fill(0);
  slot.scbk = null;
  slot.nextScbk = null;
  slot.isMaster = false;
}
