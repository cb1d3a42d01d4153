import { afterEach, describe, expect, it } from 'vitest';
import { MARK } from '#adapters/osdp/wire/frame.ts';
import { SCS, SCS2 } from '#adapters/osdp/wire/security-block.ts';
import { type SimulatedLine, createSimulatedLine } from '#adapters/osdp/simulator/simulated-line.ts';
import type { SimulatedPd, SimulatedPdOptions } from '#adapters/osdp/simulator/simulated-pd.ts';
import { type ManInTheMiddle, createManInTheMiddle, resealed } from './man-in-the-middle.ts';
import { CARD, OsdpSite, readerId, scbk2Of, scbkOf } from './osdp-site.ts';

const ADDRESS = 3;
const open: (() => Promise<void>)[] = [];

interface Built {
  readonly site: OsdpSite;
  readonly line: SimulatedLine;
  readonly pd: SimulatedPd;
  readonly wire: ManInTheMiddle;
}

/** A gateway that speaks secure channel 2 only, and a reader as the test wants it. */
async function build(options: Partial<SimulatedPdOptions> = {}): Promise<Built> {
  const reader = { address: ADDRESS, scbk: scbk2Of(ADDRESS), secureChannel: 2 as const, ...options };
  const line = await createSimulatedLine({ host: '127.0.0.1', port: 0, readers: [reader] });
  const wire = await createManInTheMiddle(line);
  const site = new OsdpSite({ kind: 'tcp', host: wire.host, port: wire.port }, [ADDRESS], 10, { secureChannel: 2 });
  open.push(
    () => site.readers.stop(),
    () => wire.close(),
    () => line.close(),
  );
  await site.readers.start();
  const [pd] = line.readers;
  if (pd === undefined) throw new TypeError('no reader');
  return { site, line, pd, wire };
}

async function online(options: Partial<SimulatedPdOptions> = {}): Promise<Built> {
  const built = await build(options);
  await built.site.until('online');
  return built;
}

afterEach(async () => {
  for (const close of open.splice(0)) await close();
});

describe('a reader in secure channel 2', () => {
  it('reads a card and moves the relay, and nothing of it is on the wire in secure channel 1', async () => {
    const { site, pd, wire } = await online();
    pd.presentCard(CARD, 26);
    await site.until('card_read');
    expect(site.of('card_read')).toMatchObject([{ readerId: readerId(ADDRESS), bitCount: 26, bits: CARD }]);
    expect(await site.readers.pulseOutput(readerId(ADDRESS), 0, 6_553_500)).toEqual({ ok: true });
    expect(pd.outputs).toEqual([true, false]);
    const types = new Set(wire.replies.map(({ block }) => block?.type ?? null));
    expect([...types].sort()).toEqual([SCS2.clientCryptogram, SCS2.result, SCS2.replyEncrypted, null].sort());
    expect(site.alarms()).toEqual([]);
  });

  it('waits while the reader is busy', async () => {
    const { site, pd } = await online();
    pd.beBusy(3);
    expect(await site.readers.pulseOutput(readerId(ADDRESS), 1, 0)).toEqual({ ok: true });
    expect(site.alarms()).toEqual([]);
  });

  it('takes a new key of 32 bytes and goes on under it without going off line', async () => {
    const { site, pd } = await online();
    const newKey = scbk2Of(90);
    expect(await site.readers.maintenance.setKey(readerId(ADDRESS), newKey)).toEqual({ ok: true });
    expect(pd.protocol.scbk).toEqual(newKey);
    expect(site.of('offline')).toEqual([]);
    pd.presentCard(CARD, 26);
    await site.until('card_read');
  });

  it('takes no key of 16 bytes, and no first key over the line: there is no SCBK-D', async () => {
    const { site, pd } = await online();
    expect(await site.readers.maintenance.setKey(readerId(ADDRESS), scbkOf(90))).toMatchObject({ ok: false });
    const window = { firstKey: scbkOf(91), finalKey: scbkOf(92), durationMs: 60_000 };
    expect(await site.readers.maintenance.openInstallWindow(readerId(ADDRESS), window)).toMatchObject({ ok: false });
    expect(pd.protocol.scbk).toEqual(scbk2Of(ADDRESS));
  });

  it('is back in a channel after a reboot', async () => {
    const { site, pd } = await online();
    pd.reboot();
    await site.until('online', 2);
    expect(pd.isSecure).toBe(true);
    expect(site.alarms()).toEqual([]);
  });
});

describe('a gateway in secure channel 2', () => {
  it('does not go on in secure channel 1 with a reader that knows nothing else', async () => {
    const { site, pd, wire } = await build({ scbk: scbkOf(ADDRESS), secureChannel: 1 });
    await site.until('alarm');
    expect(site.alarms()).toEqual(['osdp.cleartext_refused']);
    expect(pd.isSecure).toBe(false);
    expect(wire.replies.every(({ block }) => block === null)).toBe(true);
    expect(site.of('online')).toEqual([]);
  });

  it('refuses an answer of secure channel 1 in the place of its own', async () => {
    const { site, pd, wire } = await online();
    const stepped = wire.tamperOnce((reply) =>
      reply.block?.type === SCS2.clientCryptogram
        ? resealed({ ...reply, block: { type: SCS.clientCryptogram, data: Uint8Array.of(1) } }, { data: reply.data.subarray(0, 32) })
        : null,
    );
    pd.reboot();
    await stepped;
    await site.until('alarm');
    expect(site.alarms()).toEqual(['osdp.cleartext_refused']);
    await site.until('online', 2);
  });

  it('keeps a reader with another key off line', async () => {
    const { site, pd } = await build({ scbk: scbk2Of(77) });
    await site.until('alarm');
    expect(site.alarms()).toEqual(['osdp.key_mismatch']);
    expect(pd.isSecure).toBe(false);
    expect(site.of('online')).toEqual([]);
  });

  it('takes nothing from a frame whose tag is wrong, and opens a new channel at once', async () => {
    const { site, pd, wire } = await online();
    const flipped = wire.tamperOnce((reply) => {
      const mac = Uint8Array.from(reply.mac ?? []);
      mac[15] = (mac[15] ?? 0) ^ 1;
      return reply.block?.type === SCS2.replyEncrypted ? resealed(reply, { mac }) : null;
    });
    await flipped;
    await site.until('online', 2);
    expect(site.alarms()).toEqual(['osdp.mac_mismatch']);
    pd.presentCard(CARD, 26);
    await site.until('card_read');
  });

  it('takes no card a second time when its frame is played again', async () => {
    const { site, pd, wire } = await online();
    const seen = wire.replies.length;
    pd.presentCard(CARD, 26);
    await site.until('card_read');
    const longest = wire.replies.slice(seen).reduce((best, reply) => (reply.data.length > best.data.length ? reply : best));
    const replayed = wire.tamperOnce((reply) => (reply.sequence === longest.sequence ? longest.bytes : null));
    await replayed;
    await site.until('online', 2);
    wire.inject(Uint8Array.of(MARK, ...longest.bytes));
    expect(site.of('card_read')).toHaveLength(1);
    expect(site.alarms()[0]).toBe('osdp.mac_mismatch');
  });
});
