import { createPublicKey, verify } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { extendedIdentity } from '#adapters/osdp/messages/extended-identity.ts';
import { type Part, assemblePart } from '#adapters/osdp/messages/multi-part.ts';
import { splitChallenge } from '#adapters/osdp/messages/piv-codecs.ts';
import type { Reply } from '#adapters/osdp/messages/replies.ts';
import { ACU_RECEIVE_MIN } from '#adapters/osdp/pd/limits.ts';
import {
  PIV_ALGORITHM_P256,
  PIV_KEY_CARD_AUTHENTICATION,
  type PivCard,
  createPivCard,
  responseOf,
} from '#adapters/osdp/simulator/piv-card.ts';
import { PdRig, nakOf } from './pd-rig.ts';

const CHUID = Uint8Array.of(0x5f, 0xc1, 0x02);
const OBJECT = Uint8Array.from({ length: 3_000 }, (_, index) => (index * 7) & 0xff);
const REFERENCE = { algorithm: PIV_ALGORITHM_P256, key: Uint8Array.of(PIV_KEY_CARD_AUTHENTICATION) };
const CHALLENGE = Uint8Array.from({ length: 300 }, (_, index) => (index * 3) & 0xff);

function rigWithCard(): { readonly rig: PdRig; readonly card: PivCard } {
  const rig = new PdRig().opened();
  const card = createPivCard({ serial: Uint8Array.of(1, 2, 3, 4), objects: { '5fc102': OBJECT } });
  rig.pd.device.piv.present(card);
  return { rig, card };
}

/** Fetches the rest of a reply with polls. */
function pull(rig: PdRig, first: Reply | null): { readonly payload: Uint8Array | null; readonly frames: number } {
  let reply = first;
  let assembly = null;
  for (let frames = 1; reply !== null && 'total' in reply.body; frames += 1) {
    const next = assemblePart(assembly, reply.body);
    if (next.payload !== null || next.error !== null) return { payload: next.payload, frames };
    assembly = next.assembly;
    reply = rig.secured({ name: 'POLL', body: {} }).reply;
  }
  return { payload: null, frames: 0 };
}

describe('a reply in parts', () => {
  it('050-10-01, 060-23-01, 070-20-01: comes in fragments that fit what every ACU takes, fetched by polls', () => {
    const { rig } = rigWithCard();
    const first = rig.secured({ name: 'PIVDATA', body: { object: CHUID, element: 0, offset: 0, offsetLength: 2 } });
    expect(first.frame.bytes.length).toBeLessThanOrEqual(ACU_RECEIVE_MIN);
    const { payload, frames } = pull(rig, first.reply);
    expect(payload).toEqual(OBJECT);
    expect(frames).toBe(Math.ceil(OBJECT.length / 105));
    expect(rig.secured({ name: 'POLL', body: {} }).reply?.name).toBe('ACK');
  });

  it('060-20-01: has the size that ACURXSIZE has given; below 128 that is NAK 9', () => {
    const { rig } = rigWithCard();
    expect(nakOf(rig.secured({ name: 'ACURXSIZE', body: { size: 127 } }))).toBe(9);
    expect(rig.secured({ name: 'ACURXSIZE', body: { size: 1_440 } }).reply?.name).toBe('ACK');
    const first = rig.secured({ name: 'PIVDATA', body: { object: CHUID, element: 0, offset: 0, offsetLength: 1 } });
    expect(first.frame.bytes.length).toBeLessThanOrEqual(1_440);
    expect(pull(rig, first.reply)).toEqual({ payload: OBJECT, frames: 3 });
  });

  it('060-22-01: ends at ABORT; the next poll is a poll again', () => {
    const { rig } = rigWithCard();
    rig.secured({ name: 'PIVDATA', body: { object: CHUID, element: 0, offset: 0, offsetLength: 2 } });
    expect(rig.secured({ name: 'ABORT', body: {} }).reply?.name).toBe('ACK');
    expect(rig.secured({ name: 'POLL', body: {} }).reply?.name).toBe('ACK');
  });

  it('waits for the polls when the reader works longer, behind what else it has to tell', () => {
    const { rig } = rigWithCard();
    rig.pd.device.piv.answers = 'at_poll';
    rig.pd.pressKeys('1');
    expect(rig.secured({ name: 'PIVDATA', body: { object: CHUID, element: 0, offset: 0, offsetLength: 2 } }).reply?.name).toBe('ACK');
    expect(rig.secured({ name: 'POLL', body: {} }).reply?.name).toBe('KEYPAD');
    expect(pull(rig, rig.secured({ name: 'POLL', body: {} }).reply).payload).toEqual(OBJECT);
  });

  it('060-03-01: EXT_PDID tells who the reader is in words', () => {
    const { rig } = rigWithCard();
    const { payload } = pull(rig, rig.secured({ name: 'ID', body: { form: 1 } }).reply);
    expect(extendedIdentity.parse(payload ?? new Uint8Array(0))?.map(({ tag }) => tag)).toEqual([0, 1, 2, 3, 4]);
  });

  it('that cannot be parted and does not fit is NAK 9', () => {
    const { rig } = rigWithCard();
    const echo = (length: number) =>
      rig.secured({ name: 'MFG', body: { vendor: Uint8Array.of(0, 0x53, 0x49), data: new Uint8Array(length) } });
    rig.secured({ name: 'ACURXSIZE', body: { size: 128 } });
    expect(echo(111 - 3).reply?.name).toBe('MFGREP');
    expect(nakOf(echo(111 - 3 + 1))).toBe(9);
  });
});

describe('a command in parts', () => {
  it.each(['GENAUTH', 'CRAUTH'] as const)('060-24-01, 060-25-01: %s is put together, and the card really signs', (name) => {
    const { rig, card } = rigWithCard();
    let heard: ReturnType<PdRig['secured']> | null = null;
    for (const part of splitChallenge(REFERENCE, CHALLENGE, 100)) heard = rig.secured({ name, body: part });
    expect(heard?.reply?.name).toBe(`${name}R`);
    const { payload } = pull(rig, heard?.reply ?? null);
    const signature = responseOf(payload ?? new Uint8Array(0));
    expect(
      verify('sha256', CHALLENGE, createPublicKey(card.publicKey.export({ type: 'spki', format: 'pem' })), signature ?? new Uint8Array(0)),
    ).toBe(true);
  });

  it('070-03-12: is refused with NAK 9 out of order, with a changed total, or larger than the reader takes; then it starts anew', () => {
    const rig = new PdRig({ combinedMax: 300 }).opened();
    const parts = splitChallenge(REFERENCE, CHALLENGE, 100);
    const send = (part: Part | undefined, total?: number) =>
      rig.secured({
        name: 'CRAUTH',
        body: { reference: null, ...(part ?? { offset: 0, data: new Uint8Array(1), total: 1 }), ...(total === undefined ? {} : { total }) },
      });
    expect(send(parts[0]).reply?.name).toBe('ACK');
    expect(nakOf(send(parts[2]))).toBe(9);
    expect(nakOf(send(parts[1]))).toBe(9);
    expect(send(parts[0]).reply?.name).toBe('ACK');
    expect(nakOf(send(parts[1], 299))).toBe(9);
    const [large] = splitChallenge(REFERENCE, new Uint8Array(301), 100);
    expect(nakOf(send(large))).toBe(9);
  });

  it('without a card is NAK 9, for a key that it does not have as well', () => {
    const { rig } = rigWithCard();
    const other = splitChallenge({ algorithm: 7, key: Uint8Array.of(0x9a) }, Uint8Array.of(1), 10);
    for (const part of other) expect(nakOf(rig.secured({ name: 'CRAUTH', body: part }))).toBe(9);
    rig.pd.device.piv.present(null);
    expect(nakOf(rig.secured({ name: 'PIVDATA', body: { object: CHUID, element: 0, offset: 0, offsetLength: 2 } }))).toBe(9);
  });
});
