import { FRAME_LENGTH_MAX } from '../wire/frame.ts';
import type { InFlight } from '../session/in-flight.ts';
import type { Slot } from './reader-slot.ts';
import { sentKind } from './sent-kind.ts';

/** The standard allows 20 ms between characters; a loaded event loop or serial server may bunch them. */
export const INTER_BYTE_TIMEOUT_MS = 50;
/** Longer than the longest frame at 9600 baud: who talks longer than this is not answering. */
const REPLY_HOLD_MAX_MS = 1_600;
const REPLY_HOLD_SPARE_MS = 100;
/** The mark before a frame. */
const MARK_LENGTH = 1;

/** The exchange that is on the wire: when it began, until when it is waited for, and what it tells of its reader. */
export class Turn {
  #sentMs = 0;
  #commandWireMs = 0;
  #byteTimeMs = 0;
  #lastByteMs = 0;
  #badFrames = 0;
  /** What the quickest other reader of the line usually takes; null where there is none, and nobody whom this one could hold up. */
  #quickestOtherMs: number | null = null;
  /** Until when the first byte of the reply must be here. */
  deadlineMs = Number.POSITIVE_INFINITY;

  sent(slot: Slot, neighbours: readonly Slot[], length: number, nowMs: number): void {
    this.#sentMs = nowMs;
    this.#byteTimeMs = slot.config.byteTimeMs;
    this.#commandWireMs = (length + MARK_LENGTH) * this.#byteTimeMs;
    // The first byte of the reply is here only when it has been sent.
    const neighboursMs = slot.state.phase === 'identify' ? usualMaxMs(neighbours) : null;
    const patienceMs = slot.patience.patienceMs(slot.state, neighboursMs, nowMs) + this.#byteTimeMs;
    this.deadlineMs = nowMs + this.#commandWireMs + patienceMs;
    this.#quickestOtherMs = quickestOtherMs(slot, neighbours);
    if (slot.state.exchange.name === 'awaiting_reply') countSent(slot, slot.state.exchange.inFlight);
  }

  bytesCame(nowMs: number): void {
    this.#lastByteMs = nowMs;
  }

  /** `total` is the framer's running total of frames that were none. */
  badFramesSeen(total: number, current: Slot | null): void {
    if (current !== null) current.metrics.badChecks += total - this.#badFrames;
    this.#badFrames = total;
  }

  replied(slot: Slot, length: number, nowMs: number): void {
    const wireMs = this.#commandWireMs + (length + MARK_LENGTH) * this.#byteTimeMs;
    slot.metrics.roundTrips.add(nowMs - this.#sentMs);
    slot.patience.replied(Math.max(0, nowMs - this.#sentMs - wireMs));
    this.#charge(slot, wireMs, nowMs);
  }

  missed(slot: Slot, nowMs: number): void {
    slot.metrics.timeouts += 1;
    this.#charge(slot, this.#commandWireMs, nowMs);
  }

  /** What all readers of a line take alike is the line's own delay, as that of a distant serial server, and no reader's fault. */
  #charge(slot: Slot, wireMs: number, nowMs: number): void {
    if (this.#quickestOtherMs === null) return;
    slot.cost.turnEnded(nowMs - this.#sentMs - this.#quickestOtherMs, wireMs, nowMs);
  }

  /** The deadline; or, inside a frame, the silence that ends it, which may lie before or a little behind the deadline. */
  wakeMs(pendingBytes: number): number {
    if (pendingBytes === 0) return this.deadlineMs;
    return Math.min(this.#lastByteMs + INTER_BYTE_TIMEOUT_MS, this.#holdEndMs());
  }

  /** A frame has begun, its bytes still come, and it has had more time than the longest one needs. */
  isStalled(pendingBytes: number, nowMs: number): boolean {
    return pendingBytes > 0 && nowMs >= this.#holdEndMs() && nowMs - this.#lastByteMs < INTER_BYTE_TIMEOUT_MS;
  }

  #holdEndMs(): number {
    const holdMs = this.#byteTimeMs === 0 ? REPLY_HOLD_MAX_MS : FRAME_LENGTH_MAX * this.#byteTimeMs + REPLY_HOLD_SPARE_MS;
    return this.deadlineMs + holdMs;
  }
}

function countSent({ metrics }: Slot, inFlight: InFlight): void {
  if (inFlight.retries + inFlight.busyReplies > 0) {
    metrics.retries += 1;
    return;
  }
  metrics.exchanges += 1;
  if (sentKind(inFlight) === 'poll') metrics.polls += 1;
}

/** 0 where it is not known yet; null without another reader on line. */
function quickestOtherMs(slot: Slot, slots: readonly Slot[]): number | null {
  let quickestMs: number | null = null;
  for (const other of slots) {
    if (other === slot || other.state.phase !== 'online') continue;
    const usualMs = other.patience.usualMaxMs ?? 0;
    if (quickestMs === null || usualMs < quickestMs) quickestMs = usualMs;
  }
  return quickestMs;
}

/** The longest usual time of a line's readers; null while none is known. */
function usualMaxMs(slots: readonly Slot[]): number | null {
  let longestMs: number | null = null;
  for (const { patience, state } of slots) {
    const { usualMaxMs: own } = patience;
    if (own !== null && state.phase === 'online' && (longestMs === null || own > longestMs)) longestMs = own;
  }
  return longestMs;
}
