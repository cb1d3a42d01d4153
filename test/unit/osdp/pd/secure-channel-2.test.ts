import { describe, expect, it } from 'vitest';
import { CHANNEL_SUITE_2 } from '#adapters/osdp/secure-channel-2/suite-2.ts';
import { HANDSHAKE_CODE, parseClientAnswer } from '#adapters/osdp/channels/handshake-messages.ts';
import { type Channel, openFrame, sealFrame } from '#adapters/osdp/channels/channel.ts';
import { commandTable } from '#adapters/osdp/messages/commands.ts';
import { KEY_TYPE, NAK_CODE } from '#adapters/osdp/messages/line-codecs.ts';
import { SimulatedPd } from '#adapters/osdp/simulator/simulated-pd.ts';
import type { Sequence } from '#adapters/osdp/wire/control-byte.ts';
import { type Frame, encodeFrame } from '#adapters/osdp/wire/frame.ts';
import { HANDSHAKE_RESULT, KEY_KIND, SCS, SCS2 } from '#adapters/osdp/wire/security-block.ts';
import { frameOf } from './pd-rig.ts';

const SCBK2 = Uint8Array.from({ length: 32 }, (_, index) => (index * 37 + 11) & 0xff);
const RND_A = new Uint8Array(16).fill(0xb0);
const NAK = 0x41;

const reader = (): SimulatedPd => new SimulatedPd({ address: 5, scbk: SCBK2, secureChannel: 2 });

interface Asked {
  readonly type: number;
  readonly kind?: number;
  readonly code: number;
  readonly data: Uint8Array;
  readonly sequence: Sequence;
}

function ask(pd: SimulatedPd, { type, kind = KEY_KIND.scbk2, code, data, sequence }: Asked): Frame {
  const block = { type, data: Uint8Array.of(kind) };
  return hear(pd, encodeFrame({ address: 5, direction: 'command', sequence, check: 'crc', block, code, data }));
}

function hear(pd: SimulatedPd, bytes: Uint8Array): Frame {
  const reply = pd.handle(frameOf(bytes));
  if (reply === null) throw new TypeError('the reader is silent');
  return frameOf(reply);
}

const challenge = (pd: SimulatedPd, asked: Partial<Asked> = {}): Frame =>
  ask(pd, { type: SCS2.challenge, code: HANDSHAKE_CODE.challenge, data: RND_A, sequence: 0, ...asked });

function prove(pd: SimulatedPd, change: (cryptogram: Uint8Array) => Uint8Array = (cryptogram) => cryptogram) {
  const answer = parseClientAnswer(CHANNEL_SUITE_2, challenge(pd).data);
  if (answer === null) throw new TypeError('no osdp_CCRYPT');
  const agreement = CHANNEL_SUITE_2.begin(SCBK2, RND_A).agree(answer.rndB, answer.clientId);
  expect(answer.cryptogram).toEqual(new Uint8Array(agreement.clientCryptogram));
  const data = change(new Uint8Array(agreement.serverCryptogram));
  const frame = ask(pd, { type: SCS2.serverCryptogram, code: HANDSHAKE_CODE.serverCryptogram, data, sequence: 1 });
  return { frame, channel: agreement.channel };
}

function nakOf(frame: Frame): number | null {
  return frame.block === null && frame.code === NAK ? (frame.data[0] ?? null) : null;
}

describe('a reader that speaks secure channel 2', () => {
  it('agrees with an osdp_RMAC_I without a body', () => {
    const pd = reader();
    const { frame } = prove(pd);
    expect(frame.block).toEqual({ type: SCS2.result, data: Uint8Array.of(KEY_KIND.scbk2) });
    expect(frame.data).toHaveLength(0);
    expect(pd.isSecure).toBe(true);
  });

  it('refuses a wrong proof', () => {
    const pd = reader();
    const { frame } = prove(pd, (cryptogram) => cryptogram.map((byte, index) => (index === 31 ? byte ^ 1 : byte)));
    expect(frame.block?.data[0]).toBe(HANDSHAKE_RESULT.failed);
    expect(frame.data).toHaveLength(0);
    expect(pd.isSecure).toBe(false);
  });

  it.each<[string, Partial<Asked>, number]>([
    ['secure channel 1', { type: SCS.challenge, kind: KEY_KIND.scbk, data: RND_A.subarray(0, 8) }, NAK_CODE.securityBlockUnsupported],
    ['the key that everybody knows', { kind: KEY_KIND.scbkD }, NAK_CODE.securityBlockUnsupported],
    ['a key of secure channel 1', { kind: KEY_KIND.scbk }, NAK_CODE.securityBlockUnsupported],
    ['a short nonce', { data: RND_A.subarray(0, 8) }, NAK_CODE.badLength],
  ])('refuses %s, in install mode as well', (_what, asked, code) => {
    const pd = reader();
    expect(nakOf(challenge(pd, asked))).toBe(code);
    pd.enterInstallMode();
    expect(nakOf(challenge(pd, asked))).toBe(code);
    expect(pd.isSecure).toBe(false);
  });

  it('takes only keys of its own kind', () => {
    const pd = reader();
    let channel: Channel = prove(pd).channel;
    let sequence: Sequence = 2;
    const setKey = (kind: number, length: number): { readonly code: number; readonly data: Uint8Array } => {
      const message = commandTable.encode({ name: 'KEYSET', body: { kind, key: SCBK2.subarray(0, length) } });
      const sealed = sealFrame(channel, 'command', { address: 5, sequence }, message);
      sequence = 3;
      const opened = openFrame(sealed.channel, hear(pd, sealed.bytes));
      if (!opened.ok) throw new TypeError(opened.reason);
      channel = opened.channel;
      return opened;
    };
    expect(setKey(KEY_TYPE.scbk, 16)).toMatchObject({ code: NAK, data: Buffer.of(NAK_CODE.recordRefused) });
    expect(setKey(KEY_TYPE.scbk2, 32)).toMatchObject({ code: 0x40 });
  });
});
