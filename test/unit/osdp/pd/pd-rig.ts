import { type Command, commandTable } from '#adapters/osdp/messages/commands.ts';
import { type Reply, replyTable } from '#adapters/osdp/messages/replies.ts';
import { type SecureChannel, openChannel, openFrame, sealFrame } from '#adapters/osdp/secure-channel/channel.ts';
import { serverCryptogram } from '#adapters/osdp/secure-channel/cryptograms.ts';
import { SCBK_D, deriveSessionKeys } from '#adapters/osdp/secure-channel/session-keys.ts';
import { SimulatedPd, type SimulatedPdOptions } from '#adapters/osdp/simulator/simulated-pd.ts';
import type { PdEffect } from '#adapters/osdp/pd/transition.ts';
import { type CheckKind, type Sequence, nextSequence } from '#adapters/osdp/wire/control-byte.ts';
import { type Frame, encodeFrame } from '#adapters/osdp/wire/frame.ts';
import { Framer } from '#adapters/osdp/wire/framer.ts';
import { KEY_KIND, SCS, type SecurityBlock } from '#adapters/osdp/wire/security-block.ts';
import { FakePdClock } from './fake-pd-clock.ts';

export const ADDRESS = 5;
export const SCBK = Uint8Array.from({ length: 16 }, (_, index) => (index * 37 + 11) & 0xff);
const RND_A = Uint8Array.of(0xb0, 0xb1, 0xb2, 0xb3, 0xb4, 0xb5, 0xb6, 0xb7);

export interface Line {
  readonly address?: number;
  readonly sequence?: Sequence;
  readonly check?: CheckKind;
  readonly block?: SecurityBlock | null;
}

export interface Heard {
  readonly reply: Reply | null;
  readonly frame: Frame;
}

/** The hand of an ACU that does exactly what a test says, right or wrong, and a reader with nothing between them. */
export class PdRig {
  readonly clock = new FakePdClock();
  readonly pd: SimulatedPd;
  readonly effects: PdEffect[] = [];
  channel: SecureChannel | null = null;
  sequence: Sequence = 0;
  check: CheckKind = 'crc';

  constructor(options: Partial<SimulatedPdOptions> = {}) {
    let seed = 0;
    this.pd = new SimulatedPd({
      address: ADDRESS,
      scbk: SCBK,
      clock: this.clock,
      random: (length) => Uint8Array.from({ length }, () => (seed = (seed * 73 + 41) & 0xff)),
      ...options,
    });
    this.pd.onProtocol((effect) => this.effects.push(effect));
  }

  clearBytes(command: Command, line: Line = {}): Uint8Array {
    return encodeFrame({
      address: line.address ?? ADDRESS,
      direction: 'command',
      sequence: line.sequence ?? this.sequence,
      check: line.check ?? this.check,
      block: line.block ?? null,
      ...commandTable.encode(command),
    });
  }

  /** Sends bytes as they are. The reply is parsed when it is in clear. */
  send(bytes: Uint8Array): Heard | null {
    const reply = this.pd.handle(frameOf(bytes));
    if (reply === null) return null;
    const frame = frameOf(reply);
    const parsed = frame.mac === null ? replyTable.parse(frame.code, frame.data) : null;
    return { frame, reply: parsed?.ok === true ? parsed.message : null };
  }

  /** One exchange in clear; the sequence moves on if there was an answer. */
  clear(command: Command, line: Line = {}): Heard | null {
    const heard = this.send(this.clearBytes(command, line));
    if (heard !== null && line.sequence === undefined) this.sequence = nextSequence(this.sequence);
    return heard;
  }

  securedBytes(command: Command): Uint8Array {
    if (this.channel === null) throw new TypeError('no channel');
    const line = { address: this.pd.address, sequence: this.sequence, check: this.check };
    const sealed = sealFrame(this.channel, 'command', line, commandTable.encode(command));
    this.channel = sealed.channel;
    return sealed.bytes;
  }

  /** One exchange in the channel. A reply in clear is given as such and leaves the chain alone. */
  secured(command: Command): Heard {
    const heard = this.send(this.securedBytes(command));
    if (heard === null) throw new TypeError('the reader is silent');
    this.sequence = nextSequence(this.sequence);
    return this.unseal(heard);
  }

  unseal(heard: Heard): Heard {
    if (heard.frame.mac === null || this.channel === null) return heard;
    const opened = openFrame(this.channel, heard.frame);
    if (!opened.ok) throw new TypeError(`the reply is not authentic: ${opened.reason}`);
    this.channel = opened.channel;
    const parsed = replyTable.parse(heard.frame.code, opened.data);
    return { frame: heard.frame, reply: parsed.ok ? parsed.message : null };
  }

  challenge(kind: 'scbk' | 'scbk_d'): Heard | null {
    const block = { type: SCS.challenge, data: Uint8Array.of(kind === 'scbk' ? KEY_KIND.scbk : KEY_KIND.scbkD) };
    return this.clear({ name: 'CHLNG', body: { rndA: RND_A } }, { block });
  }

  /** From sequence 0 to a standing channel; the last reply tells how it went. */
  open(kind: 'scbk' | 'scbk_d' = 'scbk', scbk = kind === 'scbk' ? SCBK : SCBK_D): Heard | null {
    this.channel = null;
    this.sequence = 0;
    const challenged = this.challenge(kind);
    if (challenged?.reply?.name !== 'CCRYPT') return challenged;
    const keys = deriveSessionKeys(scbk, RND_A);
    const cryptogram = serverCryptogram(keys, RND_A, challenged.reply.body.rndB);
    const block = { type: SCS.serverCryptogram, data: Uint8Array.of(kind === 'scbk' ? KEY_KIND.scbk : KEY_KIND.scbkD) };
    const proven = this.clear({ name: 'SCRYPT', body: { cryptogram } }, { block });
    if (proven?.reply?.name === 'RMAC_I' && this.pd.isSecure) this.channel = openChannel(keys, proven.reply.body.rMac);
    return proven;
  }

  opened(): this {
    this.open();
    if (this.channel === null) throw new TypeError('the channel did not open');
    return this;
  }
}

export function nakOf(heard: Heard | null): number | null {
  return heard?.reply?.name === 'NAK' ? heard.reply.body.code : null;
}

export function frameOf(bytes: Uint8Array): Frame {
  const [frame] = new Framer({ checksum: 'accept' }).push(bytes);
  if (frame === undefined) throw new TypeError('not a frame');
  return frame;
}
