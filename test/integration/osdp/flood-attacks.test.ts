import { performance } from 'node:perf_hooks';
import { afterAll, describe, expect, it } from 'vitest';
import { PD_EVENTS_MAX } from '#adapters/osdp/simulator/pd-events.ts';
import { createSimulatedLine } from '#adapters/osdp/simulator/simulated-line.ts';
import { FRAMER_BUFFER_MAX } from '#adapters/osdp/wire/framer.ts';
import { REPLY_BIT } from '#adapters/osdp/wire/frame.ts';
import { MAC_BACKOFF_MS, MAC_FAILURES_MAX } from '#adapters/osdp/session/limits.ts';
import { AttackRig, type ChannelVersion, type Outcome, RECOVERY_MAX_MS, printOutcomes } from './attack-rig.ts';
import { busyTo, rebuilt } from './forgeries.ts';
import { createManInTheMiddle, resealed } from './man-in-the-middle.ts';
import { CARD, OsdpSite, pause, scbkOf } from './osdp-site.ts';

const outcomes: Outcome[] = [];
afterAll(() => printOutcomes('attacks that go on', outcomes));

async function onLine(channel: ChannelVersion, run: (rig: AttackRig) => Promise<void>): Promise<void> {
  const rig = await AttackRig.build(channel);
  try {
    await rig.online();
    await run(rig);
  } finally {
    await rig.close();
  }
}

/** Frames with the right form and a guessed MAC, one after the other. */
/** Until it is noticed: a reply that was changed may be a second one, to a repetition, into which nobody looks. */
async function guessMacs(rig: AttackRig, count: number): Promise<void> {
  const isNoticed = (): boolean => rig.site.alarms().includes('osdp.mac_failures');
  for (let guess = 0; guess < 2 * count; guess += 1) {
    if (guess >= count) await pause(200);
    if (isNoticed()) return;
    await rig.replace((reply) => resealed(reply, { mac: new Uint8Array(16).map((_, at) => (guess * 37 + at) & 0xff) }));
  }
}

describe.concurrent('an attack that goes on', () => {
  it.each<ChannelVersion>([1, 2])(
    'guesses MACs: the reader rests, so that 32 bits last, and two alarms say so (secure channel %i)',
    (channel) =>
      onLine(channel, async (rig) => {
        await guessMacs(rig, MAC_FAILURES_MAX);
        const outcome = await rig.survive(`guessed MACs x${MAC_FAILURES_MAX}`, ['osdp.mac_mismatch', 'osdp.mac_failures']);
        outcomes.push(outcome);
        expect(outcome.recoveryMs).toBeGreaterThan(MAC_BACKOFF_MS * 0.9);
        expect(outcome.recoveryMs).toBeLessThan(MAC_BACKOFF_MS + RECOVERY_MAX_MS);
      }),
  );

  it.each<ChannelVersion>([1, 2])('answers everything with BUSY, 1000 times (secure channel %i)', (channel) =>
    onLine(channel, async (rig) => {
      let left = 1_000;
      await new Promise<void>((resolve) => {
        rig.wire.tamperAlways((reply) => {
          left -= 1;
          if (left === 0) {
            rig.wire.tamperAlways(null);
            resolve();
          }
          return busyTo(reply);
        });
      });
      rig.struck();
      const outcome = await rig.survive('BUSY x1000', ['osdp.busy_flood']);
      outcomes.push(outcome);
      expect(outcome.recoveryMs).toBeLessThan(RECOVERY_MAX_MS);
      expect(rig.site.of('offline')).toMatchObject([{ cause: 'timeout' }]);
    }),
  );

  it('babbles: the line is opened again, and what is held stays below the framer buffer', () =>
    onLine(1, async (rig) => {
      const flood = new Uint8Array(FRAMER_BUFFER_MAX).fill(0x55);
      for (let round = 0; round < 64; round += 1) rig.wire.inject(flood);
      await rig.site.until('offline');
      rig.struck();
      outcomes.push(await rig.survive('babbling, 180 kB', ['osdp.line_noise']));
    }));

  it('drips bytes of a frame that never ends', () =>
    onLine(1, async (rig) => {
      rig.wire.tamperAlways(() => new Uint8Array(0));
      rig.wire.inject(Uint8Array.of(0x53, 0x81, 0xa0, 0x05, 0x0c));
      const untilMs = performance.now() + 2_000;
      while (performance.now() < untilMs) {
        rig.wire.inject(Uint8Array.of(0x41));
        await pause(15);
      }
      rig.wire.tamperAlways(null);
      rig.struck();
      const outcome = await rig.survive('slow bytes for 2 s, nothing else', ['osdp.reply_stalled']);
      outcomes.push(outcome);
      expect(outcome.recoveryMs ?? 0).toBeLessThan(RECOVERY_MAX_MS);
    }));

  it('fills the line with random bytes, half frames and starts of frames', () =>
    onLine(1, async (rig) => {
      for (let round = 0; round < 60; round += 1) {
        const noise = Uint8Array.from({ length: 1 + ((round * 97) % 300) }, (_, index) => (index * round * 31 + 0x53) & 0xff);
        rig.wire.inject(noise);
        await pause(5);
      }
      rig.struck();
      outcomes.push(await rig.survive('random bytes between all replies', ['osdp.line_noise']));
    }));

  it('kept the reader silent: what it held back meanwhile is not read', () =>
    onLine(1, async (rig) => {
      rig.reader.presentCard(CARD, 26);
      rig.wire.tamperAlways(() => new Uint8Array(0));
      await pause(2_300);
      rig.reader.presentCard(Uint8Array.of(9), 8);
      rig.wire.tamperAlways(null);
      rig.struck();
      await rig.site.untilTrue(() => rig.reader.pendingEvents === 0, 'all said');
      outcomes.push(await rig.survive('cards held back for 2.3 s', ['osdp.stale_read_dropped']));
      expect(rig.site.of('card_read')).toHaveLength(1);
      expect(rig.site.countOf('osdp.stale_read_dropped')).toBeGreaterThan(0);
    }));

  it('refuses every poll: an alarm, then off line, and back with the first poll that is answered', () =>
    onLine(1, async (rig) => {
      const { events } = rig.reader.device;
      const refusal = setInterval(() => {
        while (events.pending < PD_EVENTS_MAX) events.tell({ name: 'NAK', body: { code: 3, detail: new Uint8Array(0) } });
      }, 1);
      try {
        await rig.site.until('offline');
        expect(rig.site.of('offline')).toMatchObject([{ cause: 'polls_refused' }]);
        await pause(1_500);
        expect(rig.site.of('online')).toHaveLength(1);
      } finally {
        clearInterval(refusal);
        events.clear();
      }
      rig.struck();
      const outcome = await rig.survive('NAK to every poll', ['osdp.polls_refused']);
      outcomes.push(outcome);
      expect(outcome.recoveryMs).toBeLessThan(RECOVERY_MAX_MS);
    }));

  it('changes an input with every poll: the log has a few of them, and the last', () =>
    onLine(1, async (rig) => {
      const before = rig.site.of('inputs').length;
      for (let count = 0; count < 300; count += 1) {
        rig.reader.setInput(0, count % 2 === 0 ? 'active' : 'inactive');
        await pause(5);
      }
      rig.reader.setInput(0, 'active');
      rig.struck();
      while (rig.reader.pendingEvents > 0) await pause(5);
      // Longer than a state may wait; from then on the last one stays.
      await pause(1_500);
      expect(isActive(rig)).toBe(true);
      expect(rig.site.of('inputs').length - before).toBeLessThan(30);
      expect(rig.site.countOf('osdp.status_rate_exceeded')).toBeGreaterThan(0);
      outcomes.push(await rig.survive('an input that changes with every poll', ['osdp.status_rate_exceeded']));
    }));

  it('reports cards as characters: one alarm, and no card', () =>
    onLine(1, async (rig) => {
      for (let count = 0; count < 20; count += 1) {
        rig.reader.device.events.tell({ name: 'FMT', body: { reader: 0, direction: 0, digits: Uint8Array.of(0x31, 0x32) } });
      }
      while (rig.reader.pendingEvents > 0) await pause(5);
      rig.struck();
      outcomes.push(await rig.survive('20 cards as characters (osdp_FMT)', ['osdp.card_unusable']));
    }));
});

function isActive({ site }: AttackRig): boolean {
  const last = site.of('inputs').at(-1);
  return last?.kind === 'inputs' && last.inputs[0] === 'active';
}

describe('the card of one door', () => {
  it('is no card of another: its frame with the other address is refused', async () => {
    const line = await createSimulatedLine({
      host: '127.0.0.1',
      port: 0,
      readers: [1, 2].map((address) => ({ address, scbk: scbkOf(address) })),
    });
    const wire = await createManInTheMiddle(line);
    const site = new OsdpSite({ kind: 'tcp', host: wire.host, port: wire.port }, [1, 2]);
    try {
      await site.readers.start();
      await site.until('online', 2);
      line.readers[0]?.presentCard(CARD, 26);
      await site.until('card_read');
      const card = wire.replies.findLast(({ address, data }) => address === 1 && data.length > 0);
      await wire.tamperOnce((reply) =>
        reply.address === 2 && card !== undefined
          ? rebuilt(card.bytes, (body) => {
              body[1] = 2 | REPLY_BIT;
              body[4] = reply.bytes[4] ?? 0;
            })
          : null,
      );
      await site.until('online', 3);
      expect(site.of('card_read')).toHaveLength(1);
      expect(site.of('alarm')).toMatchObject([{ code: 'osdp.mac_mismatch', readerId: 'reader_2' }]);
      expect(site.of('offline', 1)).toEqual([]);
    } finally {
      await site.readers.stop();
      await wire.close();
      await line.close();
    }
  });
});
