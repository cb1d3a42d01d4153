import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type SimulatedReader, createSimulatedReader } from '#adapters/osdp/simulator/simulated-line.ts';
import { FRAMER_BUFFER_MAX } from '#adapters/osdp/wire/framer.ts';
import type { Frame } from '#adapters/osdp/wire/frame.ts';
import { type Reply, replyTable } from '#adapters/osdp/messages/replies.ts';
import { type ManInTheMiddle, createManInTheMiddle, inClear, resealed } from './man-in-the-middle.ts';
import { CARD, OsdpSite, pause, scbkOf } from './osdp-site.ts';

const NO_BYTES = new Uint8Array(0);
const RAW: Reply = { name: 'RAW', body: { reader: 0, format: 1, bitCount: 26, bits: CARD } };
const KEYPAD: Reply = { name: 'KEYPAD', body: { reader: 0, keys: Uint8Array.of(0x31, 0x32) } };
const RECOVERY_MAX_MS = 1_000;

let reader: SimulatedReader;
let middle: ManInTheMiddle;
let site: OsdpSite;

beforeEach(async () => {
  reader = await createSimulatedReader({ address: 1, scbk: scbkOf(1), host: '127.0.0.1', port: 0 });
  middle = await createManInTheMiddle(reader);
  site = new OsdpSite({ kind: 'tcp', host: middle.host, port: middle.port }, [1]);
});

afterEach(async () => {
  await site.readers.stop();
  await middle.close();
  await reader.close();
});

/** Frames of a standing secure channel. */
const isSecured = (frame: Frame): boolean => frame.mac !== null;

interface Attack {
  readonly name: string;
  /** `earlier` are replies recorded before. */
  readonly forge: (reply: Frame, earlier: readonly Frame[]) => Uint8Array | null;
  readonly alarm: string;
}

const ATTACKS_ON_THE_CHANNEL: readonly Attack[] = [
  { name: 'a wrong MAC', forge: (reply) => resealed(reply, { mac: Uint8Array.of(1, 2, 3, 4) }), alarm: 'osdp.mac_mismatch' },
  { name: 'a card in clear', forge: (reply) => inClear(reply, replyTable.encode(RAW)), alarm: 'osdp.cleartext_refused' },
  { name: 'a PIN in clear', forge: (reply) => inClear(reply, replyTable.encode(KEYPAD)), alarm: 'osdp.cleartext_refused' },
  {
    name: 'an ACK in clear',
    forge: (reply) => inClear(reply, replyTable.encode({ name: 'ACK', body: {} })),
    alarm: 'osdp.cleartext_refused',
  },
  {
    name: 'a card in clear inside SCS_16',
    forge: (reply) => resealed({ ...reply, code: 0x50 }, { data: replyTable.encode(RAW).data }),
    alarm: 'osdp.mac_mismatch',
  },
  {
    name: 'a replayed card with the sequence that is expected now',
    forge: (reply, earlier) => {
      const card = earlier.findLast((frame) => frame.code === 0x50 && frame.sequence === reply.sequence);
      return card?.bytes ?? null;
    },
    alarm: 'osdp.mac_mismatch',
  },
  {
    name: 'a replayed card with another sequence',
    forge: (reply, earlier) => {
      const card = earlier.find((frame) => frame.code === 0x50 && frame.sequence !== reply.sequence);
      return card === undefined ? null : Buffer.concat([card.bytes, reply.bytes]);
    },
    alarm: 'osdp.sequence_anomaly',
  },
];

describe('a man in the middle of a standing secure channel', () => {
  it.each(ATTACKS_ON_THE_CHANNEL)('gets nothing with $name: no card, one alarm, and the reader works within a second', async (attack) => {
    await site.readers.start();
    await site.until('online');
    for (let shown = 1; shown <= 4; shown += 1) {
      reader.presentCard(CARD, 26);
      await site.until('card_read', shown);
    }
    await middle.tamperOnce((reply) => (isSecured(reply) ? attack.forge(reply, middle.replies.slice(0, -1)) : null));
    await site.until('alarm');
    const tookMs = await site.untilTrue(() => site.of('online').length > site.of('offline').length, 'recovery');
    expect(tookMs).toBeLessThan(RECOVERY_MAX_MS);
    reader.presentCard(CARD, 26);
    await site.until('card_read', 5);
    await pause(100);
    expect(site.of('card_read')).toHaveLength(5);
    expect(site.alarms()).toEqual([attack.alarm]);
  });
});

describe('a man in the middle of the opening', () => {
  const onCode = (code: number, bytes: (reply: Frame) => Uint8Array) => (reply: Frame) => (reply.code === code ? bytes(reply) : null);
  it.each([
    {
      name: 'a challenge refused with NAK 5',
      tamper: onCode(0x76, (reply) => inClear(reply, replyTable.encode({ name: 'NAK', body: { code: 5, detail: NO_BYTES } }))),
      alarm: 'osdp.cleartext_refused',
    },
    {
      name: 'abilities without a secure channel',
      tamper: onCode(0x46, (reply) =>
        inClear(reply, replyTable.encode({ name: 'PDCAP', body: [{ function: 9, compliance: 0, count: 0 }] })),
      ),
      alarm: 'osdp.cleartext_refused',
    },
    {
      name: 'another identity',
      tamper: onCode(0x45, (reply) => inClear(reply, { code: 0x45, data: new Uint8Array(12).fill(3) })),
      alarm: 'osdp.identity_changed',
    },
    {
      name: 'a card instead of an identity',
      tamper: onCode(0x45, (reply) => inClear(reply, replyTable.encode(RAW))),
      alarm: 'osdp.cleartext_refused',
    },
    {
      name: 'a forged client cryptogram',
      tamper: onCode(0x76, (reply) => resealed(reply, { data: new Uint8Array(32).fill(5) })),
      alarm: 'osdp.key_mismatch',
    },
    {
      name: 'a forged first MAC',
      tamper: onCode(0x78, (reply) => resealed(reply, { data: new Uint8Array(16).fill(5) })),
      alarm: 'osdp.key_mismatch',
    },
    {
      name: 'the answer to another challenge',
      tamper: onCode(0x76, (reply) => resealed({ ...reply, block: { type: 0x12, data: Uint8Array.of(0) } }, {})),
      alarm: 'osdp.default_key_refused',
    },
  ])('gets nothing with $name: no card in clear, one alarm, and the reader comes on line within a second', async ({ tamper, alarm }) => {
    const tampered = middle.tamperOnce(tamper);
    await site.readers.start();
    await tampered;
    expect(await site.until('online')).toBeLessThan(RECOVERY_MAX_MS);
    await pause(50);
    expect(site.of('card_read')).toEqual([]);
    expect(site.alarms()).toEqual([alarm]);
    reader.presentCard(CARD, 26);
    await site.until('card_read');
  });

  it('is answered with nothing in clear but ID, CAP and the handshake while it lasts', async () => {
    await site.readers.start();
    for (let round = 0; round < 3; round += 1) {
      await middle.tamperOnce(
        onCode(0x76, (reply) => inClear(reply, replyTable.encode({ name: 'NAK', body: { code: 6, detail: NO_BYTES } }))),
      );
    }
    expect(site.of('online')).toEqual([]);
    expect(new Set(middle.replies.map(({ code }) => code))).toEqual(new Set([0x45, 0x46, 0x76]));
    expect(site.alarms()).toEqual(['osdp.cleartext_refused']);
  });
});

describe('noise on the line', () => {
  it('is survived: random bytes, half frames and foreign replies between all others cost neither the reader nor a card', async () => {
    await site.readers.start();
    await site.until('online');
    for (let round = 0; round < 40; round += 1) {
      const noise = Uint8Array.from({ length: 1 + ((round * 97) % 300) }, (_, index) => (index * round * 31 + 0x53) & 0xff);
      middle.inject(noise);
      await pause(5);
    }
    await pause(200);
    const before = site.of('card_read').length;
    reader.presentCard(CARD, 26);
    await site.until('card_read', before + 1);
    expect(site.alarms()).toEqual(['osdp.line_noise']);
    expect(site.readers.counters()['bus_1']?.noiseBytes).toBeGreaterThan(1_000);
  });

  it('in a flood has the line opened again, and what is held stays below the framer buffer', async () => {
    await site.readers.start();
    await site.until('online');
    const flood = new Uint8Array(FRAMER_BUFFER_MAX).fill(0x55);
    for (let round = 0; round < 64; round += 1) middle.inject(flood);
    await site.until('offline');
    expect(await site.until('online', 2)).toBeLessThan(2_000);
    expect(site.readers.counters()['bus_1']?.recycled).toBeGreaterThanOrEqual(1);
  });
});
