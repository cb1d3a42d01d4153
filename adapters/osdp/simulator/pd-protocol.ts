import { randomBytes } from 'node:crypto';
import { type SecureChannel, openChannel, openFrame, sealFrame } from '../secure-channel/channel.ts';
import { clientCryptogram, initialRMac, serverCryptogram } from '../secure-channel/cryptograms.ts';
import { isSameSecret } from '../secure-channel/same-secret.ts';
import { NONCE_LENGTH, type SessionKeys, deriveSessionKeys, destroySessionKeys } from '../secure-channel/session-keys.ts';
import { type Command, commandTable } from '../messages/commands.ts';
import { type Sequence, nextSequence } from '../wire/control-byte.ts';
import { EMPTY } from '../messages/fields.ts';
import { type Frame, encodeFrame } from '../wire/frame.ts';
import { NAK_CODE } from '../messages/line-codecs.ts';
import { type Reply, replyTable } from '../messages/replies.ts';
import { isSameBytes } from '../wire/same-bytes.ts';
import { HANDSHAKE_RESULT, KEY_KIND, SCS, type SecurityBlock, hasMac } from '../wire/security-block.ts';

/** OSDP 2.2 clause D.6: a channel that was not used for this long is gone. */
const CHANNEL_IDLE_MAX_MS = 8_000;
const CLIENT_ID_LENGTH = 8;

export interface PdProtocolOptions {
  readonly address: number;
  readonly scbk: Uint8Array;
  /** Answers a command whose envelope was right. */
  readonly answer: (command: Command) => Reply;
}

interface Handshake {
  readonly keys: SessionKeys;
  readonly rndA: Uint8Array;
  readonly rndB: Uint8Array;
}

/** The PD's half of the protocol: sequence, retries, BUSY, secure channel. Speaks in clear only for ID, CAP and the handshake. */
export class PdProtocol {
  readonly #answer: (command: Command) => Reply;
  readonly #clientId = randomBytes(CLIENT_ID_LENGTH);
  address: number;
  #scbk: Uint8Array;
  #busyReplies = 0;
  #sequence: Sequence | null = null;
  #lastCommand: Uint8Array | null = null;
  #lastReply: Uint8Array | null = null;
  #lastCommandMs = 0;
  #handshake: Handshake | null = null;
  #channel: SecureChannel | null = null;

  constructor(options: PdProtocolOptions) {
    this.address = options.address;
    this.#scbk = new Uint8Array(options.scbk);
    this.#answer = options.answer;
  }

  get isSecure(): boolean {
    return this.#channel !== null;
  }

  /** Used from the next handshake on. */
  setKey(scbk: Uint8Array): void {
    this.#scbk = new Uint8Array(scbk);
  }

  /** The next `times` commands are answered with osdp_BUSY. */
  beBusy(times: number): void {
    this.#busyReplies = times;
  }

  /** Forgets sequence and channel, as a reader that lost power. */
  restart(): void {
    this.#dropChannel();
    this.#sequence = null;
    this.#lastCommand = null;
    this.#lastReply = null;
  }

  /** One command frame in, the reply's bytes out; null when the frame is not for this PD. */
  handle(frame: Frame, nowMs: number): Uint8Array | null {
    if (frame.direction !== 'command' || frame.address !== this.address) return null;
    if (this.#channel !== null && nowMs - this.#lastCommandMs > CHANNEL_IDLE_MAX_MS) this.#dropChannel();
    this.#lastCommandMs = nowMs;
    if (frame.sequence === 0) this.restart();
    else if (this.#lastCommand !== null && isSameBytes(this.#lastCommand, frame.bytes)) return this.#lastReply;
    else if (this.#sequence === null || frame.sequence !== nextSequence(this.#sequence)) return this.#nak(frame, NAK_CODE.badSequence);
    if (this.#busyReplies > 0) {
      this.#busyReplies -= 1;
      return this.#clear({ ...frame, sequence: 0 }, { name: 'BUSY', body: EMPTY });
    }
    const reply = this.#dispatch(frame);
    this.#sequence = frame.sequence;
    this.#lastCommand = frame.bytes;
    this.#lastReply = reply;
    return reply;
  }

  #dispatch(frame: Frame): Uint8Array {
    if (frame.block === null) return this.#answerClear(frame);
    if (frame.block.type === SCS.challenge) return this.#answerChallenge(frame);
    if (frame.block.type === SCS.serverCryptogram) return this.#answerProof(frame);
    return hasMac(frame.block.type) ? this.#answerSecured(frame) : this.#nak(frame, NAK_CODE.securityBlockUnsupported);
  }

  #answerClear(frame: Frame): Uint8Array {
    const parsed = commandTable.parse(frame.code, frame.data);
    if (!parsed.ok) return this.#nak(frame, parsed.reason === 'unknown' ? NAK_CODE.unknownCommand : NAK_CODE.badLength);
    const isAllowed = this.#channel === null && (parsed.message.name === 'ID' || parsed.message.name === 'CAP');
    return isAllowed ? this.#clear(frame, this.#answer(parsed.message)) : this.#nak(frame, NAK_CODE.encryptionRequired);
  }

  #answerChallenge(frame: Frame): Uint8Array {
    const parsed = commandTable.parse(frame.code, frame.data);
    const usesOwnKey = frame.block?.data[0] === KEY_KIND.scbk;
    if (!parsed.ok || parsed.message.name !== 'CHLNG' || !usesOwnKey) return this.#nak(frame, NAK_CODE.securityBlockUnsupported);
    this.#dropChannel();
    const { rndA } = parsed.message.body;
    const rndB = randomBytes(NONCE_LENGTH);
    const keys = deriveSessionKeys(this.#scbk, rndA);
    this.#handshake = { keys, rndA, rndB };
    const cryptogram = clientCryptogram(keys, rndA, rndB);
    const block = { type: SCS.clientCryptogram, data: Uint8Array.of(KEY_KIND.scbk) };
    return this.#clear(frame, { name: 'CCRYPT', body: { clientId: this.#clientId, rndB, cryptogram } }, block);
  }

  #answerProof(frame: Frame): Uint8Array {
    const parsed = commandTable.parse(frame.code, frame.data);
    const handshake = this.#handshake;
    if (handshake === null || !parsed.ok || parsed.message.name !== 'SCRYPT') return this.#nak(frame, NAK_CODE.securityBlockUnsupported);
    const { keys, rndA, rndB } = handshake;
    const { cryptogram } = parsed.message.body;
    const isProven = isSameSecret(serverCryptogram(keys, rndA, rndB), cryptogram);
    const rMac = initialRMac(keys, cryptogram);
    this.#handshake = null;
    if (isProven) this.#channel = openChannel(keys, rMac);
    else destroySessionKeys(keys);
    const block = { type: SCS.initialRMac, data: Uint8Array.of(isProven ? HANDSHAKE_RESULT.ok : HANDSHAKE_RESULT.failed) };
    return this.#clear(frame, { name: 'RMAC_I', body: { rMac } }, block);
  }

  #answerSecured(frame: Frame): Uint8Array {
    if (this.#channel === null) return this.#nak(frame, NAK_CODE.encryptionRequired);
    const opened = openFrame(this.#channel, frame);
    if (!opened.ok) {
      this.#dropChannel();
      return this.#nak(frame, NAK_CODE.encryptionRequired);
    }
    const parsed = commandTable.parse(frame.code, opened.data);
    const reply: Reply = parsed.ok
      ? this.#answer(parsed.message)
      : { name: 'NAK', body: { code: NAK_CODE.unknownCommand, detail: new Uint8Array(0) } };
    const line = { address: frame.address, sequence: frame.sequence };
    const sealed = sealFrame(opened.channel, 'reply', line, replyTable.encode(reply));
    this.#channel = sealed.channel;
    return sealed.bytes;
  }

  #clear(frame: Frame, reply: Reply, block: SecurityBlock | null = null): Uint8Array {
    const { address, sequence } = frame;
    return encodeFrame({ address, direction: 'reply', sequence, check: 'crc', block, ...replyTable.encode(reply) });
  }

  #nak(frame: Frame, code: number): Uint8Array {
    return this.#clear(frame, { name: 'NAK', body: { code, detail: new Uint8Array(0) } });
  }

  #dropChannel(): void {
    if (this.#channel !== null) destroySessionKeys(this.#channel.keys);
    if (this.#handshake !== null) destroySessionKeys(this.#handshake.keys);
    this.#channel = null;
    this.#handshake = null;
  }
}
