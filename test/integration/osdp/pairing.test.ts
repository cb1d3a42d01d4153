import { randomBytes } from 'node:crypto';
import { afterEach, describe, expect, it } from 'vitest';
import { encodeResult } from '#adapters/osdp/pairing/messages.ts';
import type { PairingOutcome, PairingRequest } from '#adapters/osdp/reader-pairing.ts';
import { type SimulatedReader, createSimulatedReader } from '#adapters/osdp/simulator/simulated-line.ts';
import type { SimulatedPdOptions } from '#adapters/osdp/simulator/simulated-pd.ts';
import { AUTHORITY, NOW_S, OTHER_AUTHORITY, identityOf } from '#test/support/readers/pairing-identities.ts';
import { type ManInTheMiddle, createManInTheMiddle, inClear } from './man-in-the-middle.ts';
import { CARD, OsdpSite, pause, readerId, scbk2Of } from './osdp-site.ts';

const ADDRESS = 4;
const ID = readerId(ADDRESS);
const PAIRR = 0x8a;
const open: (() => Promise<void>)[] = [];

interface Built {
  readonly reader: SimulatedReader;
  readonly wire: ManInTheMiddle;
  readonly site: OsdpSite;
  readonly kept: Uint8Array[];
  readonly pair: (request?: Partial<PairingRequest>) => Promise<PairingOutcome>;
}

/** A reader that has no key which the gateway knows, and one that pairs if not said otherwise. */
async function build(options: Partial<SimulatedPdOptions> = {}): Promise<Built> {
  const pairing = { identity: identityOf('reader'), trust: AUTHORITY };
  const scbk = new Uint8Array(randomBytes(32));
  const reader = await createSimulatedReader({ address: ADDRESS, scbk, secureChannel: 2, pairing, host: '127.0.0.1', port: 0, ...options });
  const wire = await createManInTheMiddle(reader);
  const kept: Uint8Array[] = [];
  const keyOf = () => kept.at(-1) ?? null;
  const site = new OsdpSite({ kind: 'tcp', host: wire.host, port: wire.port }, [ADDRESS], 10, { secureChannel: 2, keyOf });
  open.push(
    () => site.readers.stop(),
    () => wire.close(),
    () => reader.close(),
  );
  await site.readers.start();
  const pair = (request: Partial<PairingRequest> = {}): Promise<PairingOutcome> =>
    site.readers.pair(ID, {
      identity: identityOf('gateway', { seedFirst: 0x20 }),
      trust: AUTHORITY,
      durationMs: 30_000,
      nowS: () => NOW_S,
      random: (length) => new Uint8Array(randomBytes(length)),
      keep: (key) => {
        kept.push(Uint8Array.from(key));
        return Promise.resolve(true);
      },
      ...request,
    });
  return { reader, wire, site, kept, pair };
}

function flipped(bytes: Uint8Array, at: number): Uint8Array {
  const copy = Uint8Array.from(bytes);
  copy[at] = (copy[at] ?? 0) ^ 1;
  return copy;
}

afterEach(async () => {
  for (const close of open.splice(0)) await close();
});

describe('pairing over a line', () => {
  it('ends with a channel under a key that was never on the wire', async () => {
    const { kept, pair, reader, site, wire } = await build();
    expect(await pair()).toMatchObject({ ok: true, peer: { subject: { model: 'reader' } } });
    await site.until('online');
    expect(reader.protocol.scbk).toEqual(kept[0]);
    reader.presentCard(CARD, 26);
    await site.until('card_read');
    expect(wire.overheard().includes(Buffer.from(kept[0] ?? []))).toBe(false);
    expect(site.alarms().filter((code) => code !== 'osdp.key_missing')).toEqual([]);
  });

  it('pairs a reader that has only a small buffer, and one that takes its time', async () => {
    const { pair, site } = await build({ receiveMax: 128, workMs: ({ name }) => (name === 'PAIR' ? 60 : 0) });
    expect(await pair()).toMatchObject({ ok: true });
    await site.until('online');
  });

  it('begins anew when the reader restarts in the middle', async () => {
    const { pair, reader, site, wire } = await build();
    let parts = 0;
    wire.tamperAlways((reply) => {
      if (reply.code !== PAIRR) return null;
      parts += 1;
      if (parts === 10) reader.reboot();
      return null;
    });
    expect(await pair()).toMatchObject({ ok: true });
    await site.until('online');
  });

  it('loses nothing when parts and answers are lost on the line', async () => {
    const { pair, site, wire } = await build();
    let replies = 0;
    wire.tamperAlways((reply) => {
      replies += 1;
      return replies % 9 === 0 ? flipped(reply.bytes, reply.bytes.length - 1) : null;
    });
    expect(await pair()).toMatchObject({ ok: true });
    wire.tamperAlways(null);
    await site.until('online');
  });
});

describe('a gateway that pairs', () => {
  it.each([
    ['a reader of another authority', { pairing: { identity: identityOf('reader', { issuer: 'other' }), trust: AUTHORITY } }, 'untrusted'],
    ['a reader that trusts another authority', { pairing: { identity: identityOf('reader'), trust: OTHER_AUTHORITY } }, 'refused'],
  ] as const)('keeps no key from %s', async (_who, options, fault) => {
    const { kept, pair } = await build(options);
    expect(await pair()).toMatchObject({ ok: false, code: 'reader.refused', fault, isUnsettled: false });
    expect(kept).toEqual([]);
  });

  it('says so when the reader knows no pairing', async () => {
    const scbk = scbk2Of(ADDRESS);
    const reader = await createSimulatedReader({ address: ADDRESS, scbk, secureChannel: 2, host: '127.0.0.1', port: 0 });
    open.push(() => reader.close());
    const built = await build();
    built.wire.moveTo(reader);
    expect(await built.pair()).toMatchObject({ ok: false, code: 'reader.unsupported' });
  });

  it('notices a bit that somebody changes in a message of the reader', async () => {
    const { kept, pair, wire } = await build();
    const changed = wire.tamperOnce((reply) =>
      reply.code === PAIRR ? inClear(reply, { code: PAIRR, data: flipped(reply.data, 60) }) : null,
    );
    expect(await pair()).toMatchObject({ ok: false, fault: expect.stringMatching(/malformed|not_authentic/) as unknown });
    await changed;
    expect(kept).toEqual([]);
  });

  it('takes no message of an earlier pairing', async () => {
    const { pair, reader, site, wire } = await build();
    expect(await pair()).toMatchObject({ ok: true });
    await site.until('online');
    const parts = wire.replies.filter(({ code, block, data }) => code === PAIRR && block === null && data.length > 50);
    const old = Buffer.concat(parts.map(({ data }) => data.subarray(6)));
    await site.readers.stop();
    const again = await build();
    again.wire.moveTo(reader);
    again.wire.tamperAlways((reply) => {
      if (reply.code !== PAIRR || reply.data.length < 50) return null;
      const header = reply.data.subarray(0, 6);
      const offset = Buffer.from(header).readUInt16LE(2);
      return inClear(reply, { code: PAIRR, data: Buffer.concat([header, old.subarray(offset, offset + reply.data.length - 6)]) });
    });
    expect(await again.pair()).toMatchObject({ ok: false, fault: 'not_authentic' });
    expect(again.kept).toEqual([]);
  });

  it('holds no more of a message than a pairing has, whatever the reader announces', async () => {
    const { pair, wire } = await build();
    const total = Uint8Array.of(0xff, 0xff, 0, 0, 1, 0, 7);
    const changed = wire.tamperOnce((reply) => (reply.code === PAIRR ? inClear(reply, { code: PAIRR, data: total }) : null));
    expect(await pair()).toMatchObject({ ok: false, code: 'reader.refused' });
    await changed;
  });

  it('ends at parts that are out of order', async () => {
    const { pair, wire } = await build();
    let held: Uint8Array | null = null;
    wire.tamperAlways((reply) => {
      if (reply.code !== PAIRR) return null;
      held ??= reply.data;
      return reply.data === held
        ? null
        : inClear(reply, { code: PAIRR, data: Uint8Array.of(...reply.data.subarray(0, 2), 7, 0, ...reply.data.subarray(4)) });
    });
    expect(await pair()).toMatchObject({ ok: false, code: 'reader.refused' });
  });

  it('keeps the key, but says that it is not settled, when the last word was not the reader\u2019s', async () => {
    const { kept, pair, site, wire } = await build();
    const lie = encodeResult({ status: 2, code: null });
    const data = Uint8Array.of(lie.length, 0, 0, 0, lie.length, 0, ...lie);
    const changed = wire.tamperOnce((reply) =>
      reply.code === PAIRR && reply.data.length === 43 ? inClear(reply, { code: PAIRR, data }) : null,
    );
    expect(await pair()).toMatchObject({ ok: false, fault: 'refused', isUnsettled: true });
    await changed;
    expect(kept).toHaveLength(1);
    // The reader has it all the same: the handshake tells.
    await site.until('online');
  });

  it('goes no further when the key cannot be stored', async () => {
    const { pair, reader } = await build();
    const before = reader.protocol.scbk;
    expect(await pair({ keep: () => Promise.resolve(false) })).toMatchObject({ ok: false, code: 'reader.aborted', isUnsettled: false });
    expect(reader.protocol.scbk).toEqual(before);
  });

  it('hears of a reader that could not store the key', async () => {
    const pairing = { identity: identityOf('reader'), trust: AUTHORITY, store: () => false };
    const { pair } = await build({ pairing });
    expect(await pair()).toMatchObject({ ok: false, fault: 'refused', isUnsettled: true });
  });

  it('takes no card in clear while it pairs', async () => {
    const { pair, site, wire } = await build();
    const card = { code: 0x50, data: Uint8Array.of(0, 1, 26, 0, ...CARD) };
    const changed = wire.tamperOnce((reply) => (reply.code === PAIRR ? inClear(reply, card) : null));
    await pair();
    await changed;
    expect(site.of('card_read')).toEqual([]);
    expect(site.alarms()).toContain('osdp.cleartext_refused');
  });

  it('does not pair a reader that is on line', async () => {
    const { pair, site } = await build();
    await pair();
    await site.until('online');
    expect(await pair()).toMatchObject({ ok: false, code: 'reader.refused' });
  });

  it('gives up when the window is over', async () => {
    const { pair, reader } = await build();
    reader.goSilent(true);
    expect(await pair({ durationMs: 300 })).toMatchObject({ ok: false, code: 'reader.timeout' });
    await pause(10);
  });
});
