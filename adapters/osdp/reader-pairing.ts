import type { ReaderId } from '#gateway/domain/site/ids.ts';
import type { Bus } from './bus/bus.ts';
import type { ExchangeFailure, ExchangeResult } from './bus/exchange-result.ts';
import { NAK_CODE } from './messages/line-codecs.ts';
import { type AcuAwaitingResult, type PairingFault, beginPairing, takeMessage2, takeResult } from './pairing/acu-pairing.ts';
import { PAIRING_NONCE_LENGTH } from './pairing/messages.ts';
import type { PairingIdentity } from './pairing/pairing-identity.ts';
import { KEM_SEED_LENGTH } from './pairing/post-quantum.ts';
import type { PairingPeer, PairingTrust } from './pairing/trust.ts';

/** A reader that goes off line in the middle, or a line that loses a part for good, is begun with anew this often in one window. */
export const PAIRING_ATTEMPTS_MAX = 3;

export interface PairingRequest {
  readonly identity: PairingIdentity;
  readonly trust: PairingTrust;
  readonly durationMs: number;
  /** Wall clock in seconds. */
  readonly nowS: () => number;
  readonly random: (length: number) => Uint8Array;
  /**
   * Stores the key beside those that the reader may have, before the reader hears the word with which it takes it. `scbk` (32 bytes) is overwritten
   * when this ends. False: the pairing goes no further.
   */
  readonly keep: (scbk: Uint8Array, peer: PairingPeer) => Promise<boolean>;
}

export type PairingOutcome =
  /** The reader has said that it has the key, and proved it. It is on line when it has opened a channel with it. */
  | { readonly ok: true; readonly peer: PairingPeer }
  | {
      readonly ok: false;
      readonly code: ExchangeFailure;
      readonly fault: PairingFault | null;
      /** The reader may have the key all the same: whoever keeps it must not forget it. */
      readonly isUnsettled: boolean;
    };

/**
 * Pairs a reader of secure channel 2 in a window of its own. Nothing that travels is secret; who is not vouched for by `trust` gets nowhere. While it
 * runs the reader is off line.
 */
export async function pairReader(bus: Bus, readerId: ReaderId, request: PairingRequest): Promise<PairingOutcome> {
  let untilMs: number | null = null;
  for (let attempt = 1; ; attempt += 1) {
    const opened = await bus.operate(readerId, (id, nowMs) => {
      untilMs ??= nowMs + request.durationMs;
      return { kind: 'pairing_window', nowMs, id, untilMs };
    });
    if (!opened.ok) return failed(opened.code);
    const outcome = await exchangeMessages(bus, readerId, request).finally(() =>
      bus.tell(readerId, (nowMs) => ({ kind: 'close_pairing_window', nowMs })),
    );
    const isOver = outcome.ok || outcome.isUnsettled || outcome.fault !== null || outcome.code !== 'reader.offline';
    if (isOver || attempt === PAIRING_ATTEMPTS_MAX) return outcome;
  }
}

async function exchangeMessages(bus: Bus, readerId: ReaderId, request: PairingRequest): Promise<PairingOutcome> {
  const { identity, keep, nowS, random, trust } = request;
  const kemSeed = random(KEM_SEED_LENGTH);
  const { state, message1 } = beginPairing(identity, { kemSeed, nonce: random(PAIRING_NONCE_LENGTH) });
  kemSeed.fill(0);
  const first = await say(bus, readerId, message1);
  if (!first.ok) return failed(first.code);
  const taken = takeMessage2(state, first.message, { identity, trust, nowS: nowS() });
  if (!taken.ok) return failed('reader.refused', taken.fault);
  const isKept = await keep(taken.scbk, taken.peer).finally(() => taken.scbk.fill(0));
  if (!isKept) return failed('reader.aborted');
  return conclude(taken.state, await say(bus, readerId, taken.message3), taken.peer);
}

/** From message 3 on only the reader's own word, or its next handshake, tells whether it has the key. Its word that it has not is not signed. */
function conclude(state: AcuAwaitingResult, last: Said, peer: PairingPeer): PairingOutcome {
  if (!last.ok) return { ...failed(last.code), isUnsettled: true };
  const result = takeResult(state, last.message);
  return result.ok ? { ok: true, peer } : { ...failed('reader.refused', result.fault), isUnsettled: true };
}

type Said = { readonly ok: true; readonly message: Uint8Array } | { readonly ok: false; readonly code: ExchangeFailure };

async function say(bus: Bus, readerId: ReaderId, message: Uint8Array): Promise<Said> {
  return toSaid(await bus.operate(readerId, (id, nowMs) => ({ kind: 'pairing_message', nowMs, id, message })));
}

/** A reader without pairing does not know the command, or will not hear it outside a channel. */
function toSaid(result: ExchangeResult): Said {
  if (result.ok) return result.raw === null ? { ok: false, code: 'reader.refused' } : { ok: true, message: result.raw.data };
  const isUnable = result.nak === NAK_CODE.unknownCommand || result.nak === NAK_CODE.encryptionRequired;
  return { ok: false, code: isUnable ? 'reader.unsupported' : result.code };
}

function failed(code: ExchangeFailure, fault: PairingFault | null = null): Extract<PairingOutcome, { ok: false }> {
  return { ok: false, code, fault, isUnsettled: false };
}
