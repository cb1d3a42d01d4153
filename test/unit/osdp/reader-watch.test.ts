import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { LINES_WATCHED_MAX, LineWatch, type TappableLine, WATCHED_FRAMES_MAX, WATCH_LEASE_MS } from '#adapters/osdp/line-watch.ts';
import { ReaderMetrics } from '#adapters/osdp/bus/reader-metrics.ts';
import { type Command, commandTable } from '#adapters/osdp/messages/commands.ts';
import { type Reply, replyTable } from '#adapters/osdp/messages/replies.ts';
import { OsdpReaderWatch, type WatchedBus } from '#adapters/osdp/reader-watch.ts';
import type { Sequence } from '#adapters/osdp/wire/control-byte.ts';
import { encodeFrame } from '#adapters/osdp/wire/frame.ts';
import { Framer } from '#adapters/osdp/wire/framer.ts';
import type { ReaderId } from '#gateway/domain/site/ids.ts';
import { WATCH_LEASE_S } from '#gateway/http/contract/readers.ts';
import { DEFAULT_IDENTITY } from '#adapters/osdp/simulator/pd-description.ts';

const FRONT = 'front' as ReaderId;
const BACK = 'back' as ReaderId;

function ask(sequence: Sequence, command: Command = { name: 'ID', body: { form: 0 } }, address = 1): Uint8Array {
  return encodeFrame({ address, direction: 'command', sequence, check: 'crc', block: null, ...commandTable.encode(command) });
}

function say(sequence: Sequence, reply: Reply, address = 1): Uint8Array {
  return encodeFrame({ address, direction: 'reply', sequence, check: 'crc', block: null, ...replyTable.encode(reply) });
}

const emptyLine = (): TappableLine => ({ tap: null });

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe('a watched line', () => {
  it('is tapped only while somebody asks', () => {
    const watch = new LineWatch();
    const line = emptyLine();
    expect(watch.frames(line, 1, 0)).toEqual({ frames: [], lastSeq: 0, hasGap: false, idleFrames: 0 });
    expect(line.tap).not.toBeNull();
    vi.advanceTimersByTime(WATCH_LEASE_MS - 1);
    watch.frames(line, 1, 0);
    vi.advanceTimersByTime(WATCH_LEASE_MS - 1);
    expect(line.tap).not.toBeNull();
    vi.advanceTimersByTime(1);
    expect([line.tap, watch.watched]).toEqual([null, 0]);
  });

  it('tells its lease to the console', () => {
    expect(WATCH_LEASE_S * 1_000).toBe(WATCH_LEASE_MS);
  });

  it('gives each frame of the reader once, in order, and counts idle polls', () => {
    const watch = new LineWatch();
    const line = emptyLine();
    watch.frames(line, 1, 0);
    line.tap?.('command', ask(1), 0);
    line.tap?.('reply', say(1, { name: 'PDID', body: DEFAULT_IDENTITY }), 3);
    line.tap?.('command', ask(1, { name: 'ID', body: { form: 0 } }, 2), 5);
    line.tap?.('command', ask(2, { name: 'POLL', body: {} }), 9);
    line.tap?.('reply', say(2, { name: 'ACK', body: {} }), 12);
    const first = watch.frames(line, 1, 0);
    expect(first.frames.map(({ seq, view }) => [seq, view.kind === 'frame' ? view.name : ''])).toEqual([
      [1, 'ID'],
      [2, 'PDID'],
    ]);
    expect(first).toMatchObject({ lastSeq: 3, idleFrames: 2, hasGap: false });
    line.tap?.('command', ask(3), 20);
    expect(watch.frames(line, 1, first.lastSeq).frames.map(({ seq }) => seq)).toEqual([4]);
  });

  it('keeps WATCHED_FRAMES_MAX frames, and says when some are missing', () => {
    const watch = new LineWatch();
    const line = emptyLine();
    watch.frames(line, 1, 0);
    const cycle = [1, 2, 3] as const;
    for (let index = 0; index < WATCHED_FRAMES_MAX; index += 1) line.tap?.('command', ask(cycle[index % 3] ?? 1), index);
    expect(watch.frames(line, 1, 1)).toMatchObject({ hasGap: false });
    expect(watch.frames(line, 1, 0).frames).toHaveLength(WATCHED_FRAMES_MAX);
    for (let index = 0; index < 2; index += 1) line.tap?.('command', ask(cycle[(WATCHED_FRAMES_MAX + index) % 3] ?? 1), 9_000 + index);
    expect(watch.frames(line, 1, 1)).toMatchObject({ hasGap: true });
    expect(watch.frames(line, 1, 0).frames).toHaveLength(WATCHED_FRAMES_MAX);
  });

  it('begins anew for a number of another run', () => {
    const watch = new LineWatch();
    const line = emptyLine();
    watch.frames(line, 1, 0);
    line.tap?.('command', ask(1), 0);
    expect(watch.frames(line, 1, 99)).toMatchObject({ frames: [{ seq: 1 }], hasGap: false });
  });

  it('gives way when LINES_WATCHED_MAX others are asked for', () => {
    const watch = new LineWatch();
    const lines = Array.from({ length: LINES_WATCHED_MAX + 1 }, emptyLine);
    for (const line of lines) {
      watch.frames(line, 1, 0);
      vi.advanceTimersByTime(10);
    }
    expect(lines.map(({ tap }) => tap !== null)).toEqual([false, ...Array.from({ length: LINES_WATCHED_MAX }, () => true)]);
    watch.stop();
    expect(watch.watched).toBe(0);
  });
});

describe('the readers of a node', () => {
  const counters = new ReaderMetrics().counters;
  const lineCounters = {
    ...new Framer().counters,
    frames: 90,
    noiseBytes: 7,
    badCheck: 2,
    exchanges: 100,
    overdue: 0,
    foreign: 0,
    overheard: 1,
    recycled: 0,
  };

  function watchOf(address: number | null): { readonly watch: OsdpReaderWatch; readonly bus: WatchedBus } {
    const bus: WatchedBus = {
      tap: null,
      readerCounters: new Map([[FRONT, counters]]),
      counters: lineCounters,
      inspect: () => (address === null ? null : { address }),
    };
    const discarded = new Map([['late_reply', 3]] as const);
    const readers = [
      { readerId: FRONT, address: 1 },
      { readerId: BACK, address: 2 },
    ];
    return { bus, watch: new OsdpReaderWatch([{ id: 'bus', bus, discarded, discardedOf: new Map([[FRONT, discarded]]), readers }]) };
  }

  it('are told with what they last said', async () => {
    const { watch } = watchOf(null);
    expect((await watch.readers())[0]).toMatchObject({
      readerId: FRONT,
      busId: 'bus',
      address: 1,
      isOnline: false,
      sinceMs: null,
      identity: null,
      alarms: {},
    });
    const identity = { vendor: 'a', model: 1, version: 2, serial: 'b', firmware: '1.0.0' };
    watch.onEvent({ kind: 'online', readerId: FRONT, identity, secure: true, occurredAtMs: 5 });
    watch.onEvent({ kind: 'alarm', readerId: FRONT, code: 'osdp.mac_mismatch', occurredAtMs: 6 });
    expect((await watch.readers())[0]).toMatchObject({ isOnline: true, sinceMs: 5, identity, alarms: { 'osdp.mac_mismatch': 1 } });
    expect((await watch.readers())[0]).toMatchObject({ condition: null });
    watch.onEvent({ kind: 'local_status', readerId: FRONT, tampered: true, powerFailed: false, occurredAtMs: 6 });
    expect((await watch.readers())[0]).toMatchObject({ condition: { tampered: true, powerFailed: false } });
    watch.onEvent({ kind: 'offline', readerId: FRONT, cause: 'timeout', occurredAtMs: 7 });
    expect((await watch.readers())[0]).toMatchObject({ isOnline: false, sinceMs: 7, offlineCause: 'timeout', identity, condition: null });
  });

  it('are on lines whose counts are told by kind, those that never came left out', async () => {
    expect(await watchOf(null).watch.lines()).toEqual([
      {
        busId: 'bus',
        sentFrames: 100,
        receivedFrames: 90,
        counts: { noise_bytes: 7, bad_check: 2, overheard: 1, late_reply: 3 },
        readers: [
          { readerId: FRONT, counts: { late_reply: 3 } },
          { readerId: BACK, counts: {} },
        ],
      },
    ]);
  });

  it('are watched at the address that they have now', async () => {
    const { watch, bus } = watchOf(4);
    expect(await watch.frames('other' as ReaderId, 0)).toBeNull();
    expect(bus.tap).toBeNull();
    await watch.frames(FRONT, 0);
    bus.tap?.('command', ask(1, { name: 'ID', body: { form: 0 } }, 4), 0);
    bus.tap?.('command', ask(1, { name: 'ID', body: { form: 0 } }, 1), 1);
    expect((await watch.frames(FRONT, 0))?.frames).toMatchObject([{ view: { address: 4 } }]);
    watch.stop();
  });
});
