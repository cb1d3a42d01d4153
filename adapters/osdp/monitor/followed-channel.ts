import { commandTable } from '../messages/commands.ts';
import { replyTable } from '../messages/replies.ts';
import { BLOCK_LENGTH } from '../secure-channel/aes-blocks.ts';
import { complement, computeMac, decryptPayload } from '../secure-channel/chaining.ts';
import { clientCryptogram, initialRMac, serverCryptogram } from '../secure-channel/cryptograms.ts';
import { isSameSecret } from '../secure-channel/same-secret.ts';
import { NONCE_LENGTH, SCBK_D, type SessionKeys, deriveSessionKeys, destroySessionKeys } from '../secure-channel/session-keys.ts';
import { type Frame, coveredByMac } from '../wire/frame.ts';
import { KEY_KIND, MAC_LENGTH, SCS, SCS2, hasMac } from '../wire/security-block.ts';
import { CHAIN_FAILURES_MAX } from './limits.ts';
import type { Anomaly, FrameView, MonitorKeyKind } from './views.ts';

/** What a frame turned out to carry. */
export interface OpenedView extends Pick<FrameView, 'mac' | 'body' | 'keyKind'> {
  /** Null when it could not be read. */
  readonly data: Uint8Array | null;
  readonly anomalies: readonly Anomaly[];
}

/** Full MACs: each frame's is computed from the other side's last one. */
interface Chain {
  readonly keys: SessionKeys;
  readonly commandMac: Uint8Array;
  readonly replyMac: Uint8Array;
}

interface Opening {
  readonly keyKind: MonitorKeyKind;
  readonly rndA: Uint8Array;
  readonly rndB: Uint8Array | null;
  readonly cryptogram: Uint8Array | null;
  readonly keys: SessionKeys | null;
}

/** What a frame in clear may be while a channel is open: those that begin anew, and that it cannot now. */
const CLEAR_COMMANDS: ReadonlySet<number> = new Set([0x61, 0x62, 0x6e]);
const CLEAR_REPLIES: ReadonlySet<number> = new Set([0x41, 0x45, 0x46, 0x54, 0x79]);

/** Follows the secure channel of one reader from outside: the handshake in clear, then the chain if a key is known. Repeats are not given to it. */
export class FollowedChannel {
  readonly #scbks: () => readonly Uint8Array[];
  #opening: Opening | null = null;
  #channel: Chain | null = null;
  #keyKind: MonitorKeyKind | null = null;
  #isOpen = false;
  #failures = 0;

  /** Asked at each handshake; the keys stay the caller's. */
  constructor(scbks: () => readonly Uint8Array[]) {
    this.#scbks = scbks;
  }

  get state(): 'none' | 'handshake' | 'open' {
    if (this.#isOpen) return 'open';
    return this.#opening === null ? 'none' : 'handshake';
  }

  get keyKind(): MonitorKeyKind | null {
    return this.#keyKind;
  }

  /** The next frame of this reader, in the order of the line. */
  open(frame: Frame): OpenedView {
    if (frame.block === null) return this.#openClear(frame);
    const { type } = frame.block;
    if (type === SCS.challenge || type === SCS2.challenge) return this.#challenged(frame, type === SCS2.challenge);
    if (type === SCS.clientCryptogram) return this.#clientAnswered(frame);
    if (type === SCS.serverCryptogram) return this.#serverAnswered(frame);
    if (type === SCS.initialRMac) return this.#completed(frame);
    if (type === SCS2.result) this.#isOpen = true;
    return hasMac(type) ? this.#openSealed(frame) : this.#openUnknown(frame);
  }

  /** Destroys the session keys. What follows is followed from the next handshake on. */
  forget(): void {
    if (this.#opening?.keys) destroySessionKeys(this.#opening.keys);
    if (this.#channel !== null) destroySessionKeys(this.#channel.keys);
    this.#opening = null;
    this.#channel = null;
    this.#isOpen = false;
    this.#failures = 0;
  }

  #openClear(frame: Frame): OpenedView {
    const isRestart = frame.direction === 'command' && frame.sequence === 0;
    if (isRestart) this.forget();
    if (isRestart) this.#keyKind = null;
    const allowed = frame.direction === 'command' ? CLEAR_COMMANDS : CLEAR_REPLIES;
    const isOdd = this.#isOpen && !allowed.has(frame.code);
    return { ...readable(frame), keyKind: null, anomalies: isOdd ? ['cleartext_in_channel'] : [] };
  }

  #challenged(frame: Frame, isSecond: boolean): OpenedView {
    this.forget();
    const kind = frame.block?.data[0];
    this.#keyKind = isSecond || kind === KEY_KIND.scbk2 ? 'scbk2' : kind === KEY_KIND.scbkD ? 'scbk_d' : 'scbk';
    if (frame.data.length >= NONCE_LENGTH) {
      this.#opening = { keyKind: this.#keyKind, rndA: frame.data.slice(0, NONCE_LENGTH), rndB: null, cryptogram: null, keys: null };
    }
    return this.#handshake(frame, this.#keyKind === 'scbk_d' ? ['default_key'] : []);
  }

  #clientAnswered(frame: Frame): OpenedView {
    const opening = this.#opening;
    const answer = replyTable.parse(frame.code, frame.data);
    if (opening === null || opening.keyKind === 'scbk2' || !answer.ok || answer.message.name !== 'CCRYPT')
      return this.#handshake(frame, []);
    const { rndB, cryptogram } = answer.message.body;
    const candidates = opening.keyKind === 'scbk_d' ? [SCBK_D] : this.#scbks();
    const keys = findKeys(candidates, opening.rndA, rndB, cryptogram);
    if (opening.keys !== null) destroySessionKeys(opening.keys);
    this.#opening = { ...opening, rndB, keys };
    return this.#handshake(frame, keys === null && candidates.length > 0 ? ['handshake_failed'] : []);
  }

  #serverAnswered(frame: Frame): OpenedView {
    const opening = this.#opening;
    if (opening?.keys == null || opening.rndB === null) return this.#handshake(frame, []);
    const isRight = isSameSecret(serverCryptogram(opening.keys, opening.rndA, opening.rndB), frame.data);
    if (isRight) this.#opening = { ...opening, cryptogram: frame.data.slice() };
    return this.#handshake(frame, isRight ? [] : ['handshake_failed']);
  }

  #completed(frame: Frame): OpenedView {
    const opening = this.#opening;
    if (opening === null) return this.#handshake(frame, []);
    if (frame.block?.data[0] !== 1) return this.#handshake(frame, ['handshake_failed']);
    this.#isOpen = true;
    if (opening.keys === null || opening.cryptogram === null) return this.#handshake(frame, []);
    if (!isSameSecret(initialRMac(opening.keys, opening.cryptogram), frame.data)) return this.#handshake(frame, ['handshake_failed']);
    this.#channel = { keys: opening.keys, commandMac: new Uint8Array(BLOCK_LENGTH), replyMac: frame.data.slice() };
    this.#opening = null;
    return this.#handshake(frame, []);
  }

  #openSealed(frame: Frame): OpenedView {
    const channel = this.#channel;
    const isEncrypted = frame.block?.type === SCS.commandEncrypted || frame.block?.type === SCS.replyEncrypted;
    if (channel === null || frame.mac === null) return this.#unverified(frame, isEncrypted);
    const peerMac = frame.direction === 'command' ? channel.replyMac : channel.commandMac;
    const mac = computeMac(channel.keys, peerMac, coveredByMac(frame));
    if (!isSameSecret(mac.subarray(0, MAC_LENGTH), frame.mac)) {
      this.#failures += 1;
      if (this.#failures >= CHAIN_FAILURES_MAX) this.#loseChain();
      return { ...this.#unverified(frame, isEncrypted), mac: 'wrong', anomalies: ['mac_mismatch'] };
    }
    this.#failures = 0;
    this.#channel = frame.direction === 'command' ? { ...channel, commandMac: mac } : { ...channel, replyMac: mac };
    const valid = { mac: 'valid', keyKind: this.#keyKind, anomalies: [] } as const;
    if (!isEncrypted) return { ...readable(frame), ...valid };
    const data = decryptPayload(channel.keys, complement(peerMac), frame.data);
    return data === null
      ? { ...valid, body: 'encrypted', data: null, anomalies: ['malformed_body'] }
      : { ...valid, body: data.length === 0 ? 'none' : 'decrypted', data };
  }

  #openUnknown(frame: Frame): OpenedView {
    const type = frame.block?.type ?? 0;
    if (frame.mac === null) return this.#handshake(frame, []);
    return this.#unverified(frame, type === SCS2.commandEncrypted || type === SCS2.replyEncrypted);
  }

  #unverified(frame: Frame, isEncrypted: boolean): OpenedView {
    const common = { mac: 'unverified', keyKind: this.#keyKind, anomalies: [] } as const;
    if (!isEncrypted) return { ...readable(frame), ...common };
    return { ...common, body: 'encrypted', data: null };
  }

  #handshake(frame: Frame, anomalies: readonly Anomaly[]): OpenedView {
    return { ...readable(frame), keyKind: this.#keyKind, anomalies };
  }

  /** The keys are of no use any more; that a channel is open stays true. */
  #loseChain(): void {
    if (this.#channel !== null) destroySessionKeys(this.#channel.keys);
    this.#channel = null;
    this.#failures = 0;
  }
}

function readable(frame: Frame): Pick<OpenedView, 'mac' | 'body' | 'data'> {
  return { mac: 'none', body: frame.data.length === 0 ? 'none' : 'clear', data: frame.data };
}

function findKeys(candidates: readonly Uint8Array[], rndA: Uint8Array, rndB: Uint8Array, cryptogram: Uint8Array): SessionKeys | null {
  for (const scbk of candidates) {
    const keys = deriveSessionKeys(scbk, rndA);
    if (isSameSecret(clientCryptogram(keys, rndA, rndB), cryptogram)) return keys;
    destroySessionKeys(keys);
  }
  return null;
}

/** The new key of a readable osdp_KEYSET for secure channel 1; the caller's own copy. */
export function keyInside(data: Uint8Array): Uint8Array | null {
  const parsed = commandTable.parse(0x75, data);
  return parsed.ok && parsed.message.name === 'KEYSET' && parsed.message.body.kind === 1 ? parsed.message.body.key : null;
}
