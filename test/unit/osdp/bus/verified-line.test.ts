import { afterEach, describe, expect, it } from 'vitest';
import { assertBuses } from '#adapters/osdp/bus/bus-config.ts';
import { Bus } from '#adapters/osdp/bus/bus.ts';
import { SimulatedPd, type SimulatedPdOptions } from '#adapters/osdp/simulator/simulated-pd.ts';
import type { Link, LinkHandlers } from '#adapters/osdp/transport/link.ts';
import { type Frame, MARK, START_OF_MESSAGE, encodeFrame } from '#adapters/osdp/wire/frame.ts';
import { Framer } from '#adapters/osdp/wire/framer.ts';
import { commandTable } from '#adapters/osdp/messages/commands.ts';
import type { SessionEffect } from '#adapters/osdp/session/transition.ts';
import { readerId, scbkOf } from './bus-rig.ts';
import { FakeBusClock } from './fake-bus-clock.ts';

const CARD = Uint8Array.of(0x12, 0x34, 0x56, 0x40);
const ALL_BYTES = Uint8Array.from({ length: 256 }, (_, value) => value);

/** A bus on a wire on which everything is written down; replies come when and how the test says. */
class Wire {
  readonly clock = new FakeBusClock();
  readonly writes: { readonly atMs: number; readonly bytes: Uint8Array }[] = [];
  readonly effects: SessionEffect[] = [];
  readonly pd: SimulatedPd;
  readonly bus: Bus;
  #handlers: LinkHandlers | null = null;
  /** Sends the reply on its way; by default after 3 ms and in one piece. */
  deliver: (reply: Uint8Array) => void = (reply) => this.say(reply, 3);

  constructor(options: Partial<SimulatedPdOptions> = {}) {
    const address = options.address ?? 1;
    this.pd = new SimulatedPd({ address, scbk: scbkOf(address), ...options });
    const link: Link = {
      byteTimeMs: 0,
      open: (handlers) => {
        this.#handlers = handlers;
        handlers.onUp();
      },
      write: (bytes) => {
        this.writes.push({ atMs: this.clock.nowMs(), bytes: new Uint8Array(bytes) });
        for (const frame of new Framer().push(bytes)) {
          const reply = this.pd.handle(frame);
          if (reply !== null) this.deliver(reply);
        }
      },
      setBaud: () => undefined,
      recycle: () => undefined,
      close: async () => undefined,
    };
    this.bus = new Bus({
      link,
      clock: this.clock,
      pollIntervalMs: 10,
      readers: [{ readerId: readerId(address), address }],
      keyOf: () => scbkOf(address),
      onEffect: (_, effect) => this.effects.push(effect),
      onKeyUnusable: () => undefined,
    });
  }

  say(bytes: Uint8Array, afterMs: number): void {
    this.clock.schedule(afterMs, () => this.#handlers?.onBytes(bytes));
  }

  async online(): Promise<this> {
    this.bus.start();
    await this.clock.advance(1_000);
    expect(this.kinds()).toContain('online');
    return this;
  }

  frames(): readonly Frame[] {
    return this.writes.flatMap(({ bytes }) => new Framer().push(bytes));
  }

  kinds(): readonly string[] {
    return this.effects.map(({ kind }) => kind);
  }
}

let wire: Wire | null = null;
const build = (options: Partial<SimulatedPdOptions> = {}): Wire => (wire = new Wire(options));

afterEach(async () => {
  await wire?.bus.stop();
  wire?.pd.dispose();
  wire = null;
});

describe('what SIA OSDP Verified asks of a line', () => {
  it('050-04-01: has one command under way, for 200 ms, and asks a busy reader for the same again', async () => {
    const built = build();
    let isAwaited = false;
    built.deliver = (reply) => {
      expect(isAwaited).toBe(false);
      isAwaited = true;
      built.clock.schedule(35, () => (isAwaited = false));
      built.say(reply, 35);
    };
    await built.online();
    built.deliver = (reply) => built.say(reply, 3);
    built.pd.beBusy(3);
    const before = built.writes.length;
    await built.clock.advance(200);
    const [first, ...repeated] = built.writes.slice(before, before + 4).map(({ bytes }) => Buffer.from(bytes).toString('hex'));
    expect(repeated).toEqual([first, first, first]);
    expect(built.kinds()).not.toContain('offline');
  });

  it('050-04-01: goes on with a reader that answers after 190 ms', async () => {
    const built = build();
    built.deliver = (reply) => built.say(reply, 190);
    built.bus.start();
    await built.clock.advance(20_000);
    expect(built.kinds()).toContain('online');
    expect(built.kinds()).not.toContain('offline');
  });

  it('050-07-01: marks the line before each frame and never speaks inside a reply', async () => {
    const built = await build().online();
    for (const { bytes } of built.writes) expect([bytes[0], bytes[1]]).toEqual([MARK, START_OF_MESSAGE]);
    const before = built.writes.length;
    built.deliver = (reply) => {
      built.say(reply.subarray(0, 6), 3);
      built.say(reply.subarray(6), 43);
    };
    await built.clock.advance(200);
    const times = built.writes.slice(before).map(({ atMs }) => atMs);
    for (const [index, atMs] of times.slice(1).entries()) expect(atMs - (times[index] ?? 0)).toBeGreaterThanOrEqual(43);
  });

  it('050-08-01: takes a reply with 20 ms between its characters, gives one up that stops, and finds the next behind it', async () => {
    const built = await build().online();
    built.deliver = (reply) => reply.forEach((byte, index) => built.say(Uint8Array.of(byte), 20 * (index + 1)));
    built.pd.presentCard(CARD, 26);
    await built.clock.advance(3_000);
    expect(built.kinds()).toContain('card_read');
    let isCut = false;
    built.deliver = (reply) => {
      built.say(isCut ? reply : reply.subarray(0, 6), 3);
      isCut = true;
    };
    await built.clock.advance(1_000);
    expect(isCut).toBe(true);
    expect(built.kinds()).not.toContain('offline');
  });

  it('050-03-01: carries all values of a byte', async () => {
    const built = await build().online();
    for (const half of [ALL_BYTES.subarray(0, 128), ALL_BYTES.subarray(128)]) built.pd.presentCard(half, 1_024);
    await built.clock.advance(500);
    const cards = built.effects.flatMap((effect) => (effect.kind === 'card_read' ? [...effect.bits] : []));
    expect(cards).toEqual([...ALL_BYTES]);
  });

  it('050-05-01: reads and writes numbers of more bytes with the lowest first', async () => {
    const built = await build().online();
    built.pd.presentCard(new Uint8Array(38), 300);
    await built.clock.advance(200);
    expect(built.effects).toContainEqual(expect.objectContaining({ kind: 'card_read', bitCount: 300 }));
    const done = built.bus.operate(readerId(1), (id, nowMs) => ({ kind: 'set_line', nowMs, id, wanted: { address: 1, baud: 230_400 } }));
    await built.clock.advance(1_000);
    expect(await done).toMatchObject({ ok: true });
    expect(built.pd.baud).toBe(230_400);
  });

  it('050-06-02: takes replies of 128 and of 1440 bytes', async () => {
    const lengths: number[] = [];
    const built = build({
      receiveMax: 1_440,
      answerVendor: ({ vendor, data }) => ({
        name: 'MFGREP',
        body: { vendor, data: new Uint8Array((data[0] ?? 0) * 256 + (data[1] ?? 0)) },
      }),
    });
    built.deliver = (reply) => {
      lengths.push(reply.length);
      built.say(reply, 3);
    };
    await built.online();
    for (const size of [107, 1_419]) {
      const body = { vendor: Uint8Array.of(0, 0x53, 0x49), data: Uint8Array.of(size >> 8, size & 0xff) };
      const answered = built.bus.exchange(readerId(1), { name: 'MFG', body }, 'normal');
      await built.clock.advance(200);
      expect(await answered).toMatchObject({ ok: true, reply: { name: 'MFGREP' } });
    }
    expect(Math.max(...lengths)).toBeGreaterThan(1_424);
    expect(Math.max(...lengths)).toBeLessThanOrEqual(1_440);
    expect(lengths.some((length) => length >= 120 && length <= 136)).toBe(true);
  });

  it.each([0, 1, 0x7e])(
    '050-09-01, 050-09-03, 050-09-04, 050-09-06, 050-09-07, 050-09-12: frames for address %i are as the standard has them',
    async (address) => {
      const built = await build({ address }).online();
      for (const { bytes } of built.writes) {
        const frame = bytes.subarray(1);
        expect([frame[0], frame[1]]).toEqual([START_OF_MESSAGE, address]);
        expect((frame[2] ?? 0) | ((frame[3] ?? 0) << 8)).toBe(frame.length);
        // Sequence, CRC, security block; the rest is reserved.
        expect((frame[4] ?? 0) & 0xf0).toBe(0);
      }
      expect(built.frames()).toHaveLength(built.writes.length);
    },
  );

  it('050-09-05: says nothing at the configuration address, and takes no reader there', async () => {
    const built = await build().online();
    expect(built.frames().every((frame) => frame.address === 1)).toBe(true);
    const link = { kind: 'tcp', host: '127.0.0.1', port: 1 } as const;
    expect(() => assertBuses([{ id: 'bus_1', link, readers: [{ readerId: readerId(1), address: 0x7f }] }])).toThrow();
  });

  it('050-09-08: has the security block that belongs to each command', async () => {
    const built = await build().online();
    const blocks = built.frames().map(({ code, block, data, mac }) => ({ code, type: block?.type ?? null, hasData: data.length > 0, mac }));
    const [id, cap, challenge, proof, ...secured] = blocks;
    expect([id?.type, cap?.type, challenge?.type, proof?.type]).toEqual([null, null, 0x11, 0x13]);
    expect(secured.every(({ type, hasData }) => type === (hasData ? 0x17 : 0x15))).toBe(true);
  });

  it('050-09-09, 050-09-10: sends codes of the standard only, and goes by the code of the reply', async () => {
    const built = await build().online();
    const known = new Set(built.frames().map(({ code }) => code));
    for (const code of known) expect(commandTable.parse(code, new Uint8Array(0))).not.toEqual({ ok: false, reason: 'unknown' });
    built.pd.presentCard(CARD, 26);
    built.pd.pressKeys('1');
    await built.clock.advance(200);
    expect(built.kinds()).toContain('card_read');
    expect(built.kinds()).toContain('keypad');
  });

  it('050-09-15: sends CRCs and takes no reply with a checksum', async () => {
    const built = build();
    let refused = 0;
    built.deliver = (reply) => {
      const [frame] = new Framer().push(reply);
      if (frame !== undefined && frame.block === null && refused === 0) {
        refused += 1;
        built.say(encodeFrame({ ...frame, check: 'checksum' }), 3);
      } else built.say(reply, 3);
    };
    await built.online();
    expect(built.frames().every(({ check }) => check === 'crc')).toBe(true);
    expect(built.bus.counters.checksumRefused).toBe(1);
  });

  it('050-09-16: sees a wrong CRC in a reply and sends the same again', async () => {
    const built = await build().online();
    const before = built.writes.length;
    let broken = 0;
    built.deliver = (reply) => {
      broken += 1;
      built.say(broken === 1 ? reply.map((byte, index) => (index === 8 ? byte ^ 0x10 : byte)) : reply, 3);
    };
    await built.clock.advance(300);
    const [first, second] = built.writes.slice(before).map(({ bytes }) => Buffer.from(bytes).toString('hex'));
    expect(second).toBe(first);
    expect(built.bus.counters.badCheck).toBe(1);
    expect(built.kinds()).not.toContain('offline');
  });
});
