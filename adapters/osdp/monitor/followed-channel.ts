import { commandTable } from '../messages/commands.ts';
import type { Agreement, ChannelVersion } from '../channels/channel-suite.ts';
import type { Channel } from '../channels/channel.ts';
import { parseClientAnswer } from '../channels/handshake-messages.ts';
import { suiteOf } from '../channels/suite-of.ts';
import { complement, computeMac, decryptPayload } from '../secure-channel/chaining.ts';
import { isSameSecret } from '../secure-channel/same-secret.ts';
import type { SecureChannel } from '../secure-channel/channel.ts';
import { SCBK_D } from '../secure-channel/session-keys.ts';
import { openFrame2 } from '../secure-channel-2/channel-2.ts';
import { type Frame, coveredByMac } from '../wire/frame.ts';
import { KEY_KIND, MAC_LENGTH, SCS, SCS2, TAG_LENGTH, hasMac } from '../wire/security-block.ts';
import { CHAIN_FAILURES_MAX } from './limits.ts';
import type { Anomaly, FrameView, MonitorKeyKind } from './views.ts';

/** What a frame turned out to carry. */
export interface OpenedView extends Pick<FrameView, 'mac' | 'body' | 'keyKind'> {
  /** In secure channel 2 it is encrypted; null when it could not be read. */
  readonly code: number | null;
  /** Null when it could not be read. */
  readonly data: Uint8Array | null;
  readonly anomalies: readonly Anomaly[];
}

interface Opening {
  readonly version: ChannelVersion;
  readonly rndA: Uint8Array;
  /** Null without the key. */
  readonly agreement: Agreement | null;
  /** The ACU has proved itself as well. */
  readonly isProved: boolean;
}

/** What a frame in clear may be while a channel is open: those that begin anew, and that it cannot now. */
const CLEAR_COMMANDS: ReadonlySet<number> = new Set([0x61, 0x62, 0x6e]);
const CLEAR_REPLIES: ReadonlySet<number> = new Set([0x41, 0x45, 0x46, 0x54, 0x79]);

/** Follows the secure channel of one reader from outside: the handshake in clear, then the chain if a key is known. Repeats are not given to it. */
export class FollowedChannel {
  readonly #scbks: () => readonly Uint8Array[];
  #opening: Opening | null = null;
  #channel: Channel | null = null;
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
    if (type === SCS.challenge || type === SCS2.challenge) return this.#challenged(frame, type === SCS.challenge ? 1 : 2);
    if (type === SCS.clientCryptogram || type === SCS2.clientCryptogram) return this.#clientAnswered(frame);
    if (type === SCS.serverCryptogram || type === SCS2.serverCryptogram) return this.#serverAnswered(frame);
    if (type === SCS.initialRMac || type === SCS2.result) return this.#completed(frame);
    if (frame.mac === null) return this.#handshake(frame, []);
    return hasMac(type) ? this.#openSealed1(frame) : this.#openSealed2(frame);
  }

  /** Destroys the session keys. What follows is followed from the next handshake on. */
  forget(): void {
    this.#opening?.agreement?.keys.destroy();
    this.#channel?.keys.destroy();
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

  #challenged(frame: Frame, version: ChannelVersion): OpenedView {
    this.forget();
    const isDefault = version === 1 && frame.block?.data[0] === KEY_KIND.scbkD;
    this.#keyKind = version === 2 ? 'scbk2' : isDefault ? 'scbk_d' : 'scbk';
    if (frame.data.length === suiteOf(version).nonceLength) {
      this.#opening = { version, rndA: new Uint8Array(frame.data), agreement: null, isProved: false };
    }
    return this.#handshake(frame, isDefault ? ['default_key'] : []);
  }

  #clientAnswered(frame: Frame): OpenedView {
    const opening = this.#opening;
    if (opening === null) return this.#handshake(frame, []);
    const suite = suiteOf(opening.version);
    const answer = parseClientAnswer(suite, frame.data);
    if (answer === null) return this.#handshake(frame, ['malformed_body']);
    const known = this.#keyKind === 'scbk_d' ? [SCBK_D] : this.#scbks().filter((scbk) => scbk.length === suite.scbkLength);
    opening.agreement?.keys.destroy();
    const agreement = this.#agree(known, opening, answer);
    this.#opening = { ...opening, agreement, isProved: false };
    return this.#handshake(frame, agreement === null && known.length > 0 ? ['handshake_failed'] : []);
  }

  #agree(
    scbks: readonly Uint8Array[],
    { version, rndA }: Opening,
    { rndB, clientId, cryptogram }: { readonly rndB: Uint8Array; readonly clientId: Uint8Array; readonly cryptogram: Uint8Array },
  ): Agreement | null {
    for (const scbk of scbks) {
      const agreement = suiteOf(version).begin(scbk, rndA).agree(rndB, clientId);
      agreement.leftover?.destroy();
      if (isSameSecret(agreement.clientCryptogram, cryptogram)) return agreement;
      agreement.keys.destroy();
    }
    return null;
  }

  #serverAnswered(frame: Frame): OpenedView {
    const opening = this.#opening;
    if (opening === null || opening.agreement === null) return this.#handshake(frame, []);
    const isProved = isSameSecret(opening.agreement.serverCryptogram, frame.data);
    this.#opening = { ...opening, isProved };
    return this.#handshake(frame, isProved ? [] : ['handshake_failed']);
  }

  #completed(frame: Frame): OpenedView {
    const opening = this.#opening;
    if (opening === null) return this.#handshake(frame, []);
    if (frame.block?.data[0] !== suiteOf(opening.version).accepted) return this.#handshake(frame, ['handshake_failed']);
    this.#isOpen = true;
    const { agreement, isProved } = opening;
    if (agreement === null || !isProved) return this.#handshake(frame, []);
    if (!isSameSecret(agreement.confirmation, frame.data)) return this.#handshake(frame, ['handshake_failed']);
    this.#channel = agreement.channel;
    this.#opening = null;
    return this.#handshake(frame, []);
  }

  /** Not with `openFrame`: a body in clear inside SCS_15 or SCS_16, which an end refuses, has a right MAC and moves the chain on. */
  #openSealed1(frame: Frame): OpenedView {
    const channel = this.#channel;
    const isEncrypted = frame.block?.type === SCS.commandEncrypted || frame.block?.type === SCS.replyEncrypted;
    if (channel?.version !== 1 || frame.mac === null) return this.#unverified(frame, isEncrypted);
    const peerMac = frame.direction === 'command' ? channel.replyMac : channel.commandMac;
    const mac = computeMac(channel.keys, peerMac, coveredByMac(frame));
    if (!isSameSecret(mac.subarray(0, MAC_LENGTH), frame.mac)) return this.#mismatched(frame, isEncrypted);
    this.#failures = 0;
    this.#channel = advanced(channel, frame, mac);
    const valid = { code: frame.code, mac: 'valid', keyKind: this.#keyKind, anomalies: [] } as const;
    if (!isEncrypted) return { ...readable(frame), ...valid };
    const data = decryptPayload(channel.keys, complement(peerMac), frame.data);
    return data === null
      ? { ...valid, body: 'encrypted', data: null, anomalies: ['malformed_body'] }
      : { ...valid, body: data.length === 0 ? 'none' : 'decrypted', data };
  }

  #openSealed2(frame: Frame): OpenedView {
    const channel = this.#channel;
    const isEncrypted = frame.block?.type === SCS2.commandEncrypted || frame.block?.type === SCS2.replyEncrypted;
    if (channel?.version !== 2 || frame.mac?.length !== TAG_LENGTH) return this.#unverified(frame, isEncrypted);
    const opened = openFrame2(channel, frame);
    if (!opened.ok) return this.#mismatched(frame, isEncrypted);
    this.#failures = 0;
    this.#channel = opened.channel;
    const { code, data } = opened;
    return { code, data, mac: 'valid', body: data.length === 0 ? 'none' : 'decrypted', keyKind: this.#keyKind, anomalies: [] };
  }

  #mismatched(frame: Frame, isEncrypted: boolean): OpenedView {
    this.#failures += 1;
    if (this.#failures >= CHAIN_FAILURES_MAX) this.#loseChain();
    return { ...this.#unverified(frame, isEncrypted), mac: 'wrong', anomalies: ['mac_mismatch'] };
  }

  #unverified(frame: Frame, isEncrypted: boolean): OpenedView {
    const common = { mac: 'unverified', keyKind: this.#keyKind, anomalies: [] } as const;
    if (!isEncrypted) return { ...readable(frame), ...common };
    return { ...common, code: hasMac(frame.block?.type ?? 0) ? frame.code : null, body: 'encrypted', data: null };
  }

  #handshake(frame: Frame, anomalies: readonly Anomaly[]): OpenedView {
    return { ...readable(frame), keyKind: this.#keyKind, anomalies };
  }

  /** The keys are of no use any more; that a channel is open stays true. */
  #loseChain(): void {
    this.#channel?.keys.destroy();
    this.#channel = null;
    this.#failures = 0;
  }
}

function advanced(channel: SecureChannel, { direction }: Frame, mac: Uint8Array): SecureChannel {
  return direction === 'command' ? { ...channel, commandMac: mac } : { ...channel, replyMac: mac };
}

function readable(frame: Frame): Pick<OpenedView, 'code' | 'mac' | 'body' | 'data'> {
  return { code: frame.code, mac: 'none', body: frame.data.length === 0 ? 'none' : 'clear', data: frame.data };
}

/** The new key of a readable osdp_KEYSET; the caller's own copy. */
export function keyInside(data: Uint8Array): Uint8Array | null {
  const parsed = commandTable.parse(0x75, data);
  return parsed.ok && parsed.message.name === 'KEYSET' ? parsed.message.body.key : null;
}
