import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LineMonitor, type MonitorOptions } from '#adapters/osdp/monitor/line-monitor.ts';
import { CHAIN_FAILURES_MAX, MONITOR_KEYS_MAX, SILENCE_IN_FRAME_MAX_MS, TEXT_MAX } from '#adapters/osdp/monitor/limits.ts';
import type { FrameView, LineView } from '#adapters/osdp/monitor/views.ts';
import { type Command, commandTable } from '#adapters/osdp/messages/commands.ts';
import { type Reply, replyTable } from '#adapters/osdp/messages/replies.ts';
import type { Sequence } from '#adapters/osdp/wire/control-byte.ts';
import { encodeFrame } from '#adapters/osdp/wire/frame.ts';
import { SCBK, SCBK2, SessionRig } from '../session/session-rig.ts';

const CARD: Reply = { name: 'RAW', body: { reader: 0, format: 1, bitCount: 26, bits: Uint8Array.of(0xde, 0xad, 0xbe, 0x40) } };
const KEYS: Reply = { name: 'KEYPAD', body: { reader: 0, keys: Uint8Array.of(0x31, 0x32, 0x33, 0x34, 0x0d) } };
const POLL: Command = { name: 'POLL', body: {} };

function ask(sequence: Sequence, command: Command = POLL, address = 1): Uint8Array {
  return encodeFrame({ address, direction: 'command', sequence, check: 'crc', block: null, ...commandTable.encode(command) });
}

function say(sequence: Sequence, reply: Reply = { name: 'ACK', body: {} }, address = 1): Uint8Array {
  return encodeFrame({ address, direction: 'reply', sequence, check: 'crc', block: null, ...replyTable.encode(reply) });
}

/** One frame every 3 ms. */
function watch(
  frames: readonly Uint8Array[],
  options: MonitorOptions = {},
): { readonly views: readonly LineView[]; readonly monitor: LineMonitor } {
  const monitor = new LineMonitor(options);
  return { views: frames.flatMap((frame, index) => monitor.push(frame, 1_000 + index * 3)), monitor };
}

const frameAt = (views: readonly LineView[], index: number): FrameView => {
  const view = views.at(index);
  if (view?.kind !== 'frame') throw new TypeError('not a frame');
  return view;
};

describe('a monitor of a line in clear', () => {
  it('matches a reply to its command and measures the time between', () => {
    const { views, monitor } = watch([ask(1), say(1)]);
    expect(frameAt(views, 1)).toMatchObject({ name: 'ACK', answers: 'POLL', turnaroundMs: 3, anomalies: [], body: 'none', mac: 'none' });
    expect(monitor.report.readers[0]).toMatchObject({
      security: 'clear',
      commands: 1,
      replies: 1,
      unanswered: 0,
      turnaround: { count: 1, minMs: 3, meanMs: 3, maxMs: 3 },
    });
  });

  it.each([
    ['a card', CARD, 'card wiegand, 26 bits, number not shown', /dead|de ad/],
    ['key presses, not even how many', KEYS, 'keys, not shown', /1234|31 32/],
  ])('hides %s unless it is told to show it', (_name, reply, text, secret) => {
    const hidden = frameAt(watch([ask(1), say(1, reply)]).views, 1);
    expect(hidden).toMatchObject({ text, isRedacted: true, anomalies: ['cleartext_credential'] });
    expect(JSON.stringify(hidden)).not.toMatch(secret);
    const shown = frameAt(watch([ask(1), say(1, reply)], { reveal: true }).views, 1);
    expect(shown.isRedacted).toBe(false);
    expect(JSON.stringify(shown)).toMatch(secret);
  });

  it('never shows a key, and says that it was given in clear', () => {
    const key = Uint8Array.from({ length: 16 }, (_, index) => 0xa0 + index);
    const { views } = watch([ask(1, { name: 'KEYSET', body: { kind: 1, key } })], { reveal: true });
    expect(frameAt(views, 0)).toMatchObject({ text: 'key type 1, 16 bytes', isRedacted: true, anomalies: ['keyset_in_clear'] });
    expect(JSON.stringify(views)).not.toMatch(/a0 ?a1/);
  });

  it('hides what no table knows', () => {
    const frame = encodeFrame({
      address: 1,
      direction: 'reply',
      sequence: 1,
      check: 'crc',
      block: null,
      code: 0x99,
      data: Uint8Array.of(0xde, 0xad),
    });
    const view = frameAt(watch([ask(1), frame]).views, 1);
    expect(view).toMatchObject({ name: '0x99', anomalies: ['unknown_code'], text: '2 bytes, not shown' });
    expect(view.hex).toContain('99 ** **');
  });

  it('tells a retry from a new command, and counts what nobody answered', () => {
    const { views, monitor } = watch([ask(1), ask(1), say(1), say(1), ask(2), ask(3)]);
    expect(views.map((view) => view.kind === 'frame' && view.isRepeat)).toEqual([false, true, false, true, false, false]);
    expect(monitor.report.readers[0]).toMatchObject({ repeats: 2, unanswered: 2, anomalies: {} });
  });

  it.each([
    ['a sequence that jumps', [ask(1), say(1), ask(3)], ['sequence_anomaly']],
    ['two sequences side by side', [ask(1), say(1), ask(3), say(3), ask(2)], ['sequence_anomaly', 'second_master']],
    [
      'two replies to one command',
      [ask(1), say(1), say(1, { name: 'LSTATR', body: { tampered: true, powerFailed: false } })],
      ['address_conflict'],
    ],
    ['a reply to nothing', [say(1)], ['unexpected_reply']],
    ['a refusal', [ask(1), say(1, { name: 'NAK', body: { code: 6, detail: new Uint8Array(0) } })], ['nak']],
    [
      'a body that is too short',
      [encodeFrame({ address: 1, direction: 'command', sequence: 1, check: 'crc', block: null, code: 0x6e, data: Uint8Array.of(1) })],
      ['malformed_body'],
    ],
  ])('notices %s', (_name, frames, anomalies) => {
    expect(frameAt(watch(frames).views, -1).anomalies).toEqual(anomalies);
  });

  it('takes a restart at sequence 0 for no anomaly', () => {
    expect(watch([ask(2), say(2), ask(0), say(0), ask(1)]).monitor.report.readers[0]?.anomalies).toEqual({});
  });

  it('notices that another device answers than before', () => {
    const identity = {
      vendor: Uint8Array.of(1, 2, 3),
      model: 1,
      version: 1,
      serial: Uint8Array.of(0, 0, 0, 1),
      firmware: [1, 0, 0],
    } as const;
    const replies: Reply[] = [
      { name: 'PDID', body: identity },
      { name: 'PDID', body: { ...identity, serial: Uint8Array.of(9, 9, 9, 9) } },
    ];
    const { views, monitor } = watch([ask(0), say(0, replies[0]), ask(1), say(1, replies[1])]);
    expect(frameAt(views, -1).anomalies).toEqual(['identity_changed']);
    expect(monitor.report.readers[0]?.identity).toBe('vendor 010203, model 1.1, serial 09090909, firmware 1.0.0');
  });

  it('shows a frame with a wrong check as broken, without its bytes, and goes on', () => {
    const broken = say(1, CARD);
    broken[broken.length - 1] = (broken.at(-1) ?? 0) ^ 1;
    const { views, monitor } = watch([ask(1), broken, ask(1), say(1)]);
    expect(views[1]).toEqual({ kind: 'broken', atMs: 1_003, fault: 'check', address: 1, lengthBytes: broken.length });
    expect(frameAt(views, -1)).toMatchObject({ name: 'ACK', answers: 'POLL' });
    expect(monitor.report.readers[0]?.anomalies).toEqual({ broken_frame: 1 });
  });

  it('gives up a frame that stops in the middle, and finds the one behind it', () => {
    const monitor = new LineMonitor();
    monitor.push(ask(1).subarray(0, 6), 0);
    expect(monitor.push(ask(2), SILENCE_IN_FRAME_MAX_MS + 1)).toMatchObject([{ name: 'POLL', sequence: 2 }]);
    monitor.push(ask(3).subarray(0, 6), 1_000);
    expect(monitor.flush(1_001)).toEqual([]);
  });

  it('cuts words that are too long', () => {
    const body = Array.from({ length: 90 }, () => ({ function: 1, compliance: 255, count: 255 }));
    const { text } = frameAt(watch([ask(1), say(1, { name: 'PDCAP', body })]).views, 1);
    expect(text).toHaveLength(TEXT_MAX);
  });

  it('takes MONITOR_KEYS_MAX keys and not one more', () => {
    const keys = (length: number) => Array.from({ length }, () => ({ address: null, scbk: SCBK }));
    expect(() => new LineMonitor({ keys: keys(MONITOR_KEYS_MAX) })).not.toThrow();
    expect(() => new LineMonitor({ keys: keys(MONITOR_KEYS_MAX + 1) })).toThrow(TypeError);
  });
});

/** Both ends of a real session, overheard. */
function overhear(rig: SessionRig, monitor: LineMonitor, exchanges: number, other?: LineMonitor): LineView[] {
  const views: LineView[] = [];
  for (let index = 0; index < exchanges; index += 1) {
    const sent = rig.turn();
    if (sent === null) continue;
    views.push(...monitor.push(sent, rig.nowMs));
    other?.push(sent, rig.nowMs);
    rig.nowMs += 1;
    const reply = rig.replyTo(sent);
    views.push(...monitor.push(reply, rig.nowMs));
    other?.push(reply, rig.nowMs);
    rig.hear(reply);
  }
  return views;
}

describe('a monitor of a secure channel', () => {
  it('reads along with the key: a card is decrypted and still not shown', () => {
    const rig = new SessionRig();
    const monitor = new LineMonitor({ keys: [{ address: 1, scbk: SCBK }] });
    overhear(rig, monitor, 20);
    rig.pd.presentCard(Uint8Array.of(0xde, 0xad, 0xbe, 0x40), 26);
    const views = overhear(rig, monitor, 2);
    expect(views).toContainEqual(
      expect.objectContaining({
        name: 'RAW',
        body: 'decrypted',
        mac: 'valid',
        text: 'card wiegand, 26 bits, number not shown',
        anomalies: [],
      }),
    );
    expect(monitor.report.readers[0]).toMatchObject({ security: 'secure', macsWrong: 0, anomalies: {} });
    expect(JSON.stringify(views)).not.toMatch(/deadbe40|de ad be 40/);
  });

  it('reads along in secure channel 2, where even the code is encrypted', () => {
    const rig = new SessionRig({ secureChannel: 2 });
    const monitor = new LineMonitor({ keys: [{ address: 1, scbk: SCBK2 }] });
    const stranger = new LineMonitor({ keys: [{ address: 1, scbk: SCBK }] });
    const views = overhear(rig, monitor, 20, stranger);
    rig.pd.presentCard(Uint8Array.of(0xde, 0xad, 0xbe, 0x40), 26);
    views.push(...overhear(rig, monitor, 2, stranger));
    expect(views).toContainEqual(
      expect.objectContaining({
        name: 'RAW',
        block: 'SCS_28',
        mac: 'valid',
        keyKind: 'scbk2',
        text: 'card wiegand, 26 bits, number not shown',
      }),
    );
    expect(JSON.stringify(views)).not.toMatch(/deadbe40|de ad be 40/);
    expect(monitor.report.readers[0]).toMatchObject({ security: 'secure', macsWrong: 0, anomalies: {} });
    expect(stranger.report.readers[0]).toMatchObject({ security: 'secure', macsValid: 0, macsWrong: 0, anomalies: {} });
  });

  it('loses the chain after CHAIN_FAILURES_MAX frames that do not fit, and not one before', () => {
    const rig = new SessionRig();
    const monitor = new LineMonitor({ keys: [{ address: 1, scbk: SCBK }] });
    overhear(rig, monitor, 20);
    const forge = (): Uint8Array =>
      encodeFrame(
        {
          address: 1,
          direction: 'reply',
          sequence: 1,
          check: 'crc',
          block: { type: 0x16, data: new Uint8Array(0) },
          code: 0x40,
          data: new Uint8Array(0),
        },
        () => randomBytes(4),
      );
    const macs = (count: number): string[] => Array.from({ length: count }, () => frameAt(monitor.push(forge(), rig.nowMs), 0).mac);
    expect(macs(CHAIN_FAILURES_MAX - 1)).toEqual(Array.from({ length: CHAIN_FAILURES_MAX - 1 }, () => 'wrong'));
    expect(overhear(rig, monitor, 1)).toMatchObject([{ mac: 'valid' }, { mac: 'valid' }]);
    macs(CHAIN_FAILURES_MAX);
    expect(overhear(rig, monitor, 1)).toMatchObject([{ mac: 'unverified' }, { mac: 'unverified' }]);
  });

  it('takes the same reply to a new command for a replay', () => {
    const rig = new SessionRig();
    const monitor = new LineMonitor({ keys: [{ address: 1, scbk: SCBK }] });
    overhear(rig, monitor, 20);
    const sent = rig.turn() ?? new Uint8Array(0);
    const reply = rig.replyTo(sent);
    for (const bytes of [sent, reply]) monitor.push(bytes, rig.nowMs);
    rig.hear(reply);
    monitor.push(rig.turn() ?? new Uint8Array(0), rig.nowMs);
    expect(frameAt(monitor.push(reply, rig.nowMs), 0)).toMatchObject({ isRepeat: false, mac: 'wrong', anomalies: ['mac_mismatch'] });
  });

  it('notices clear text inside the channel', () => {
    const rig = new SessionRig();
    const monitor = new LineMonitor({ keys: [{ address: 1, scbk: SCBK }] });
    overhear(rig, monitor, 20);
    const sent = rig.turn() ?? new Uint8Array(0);
    monitor.push(sent, rig.nowMs);
    const [view] = monitor.push(say(1, CARD), rig.nowMs + 1);
    expect(view).toMatchObject({ anomalies: ['cleartext_in_channel', 'cleartext_credential'] });
  });
});

describe('a monitor of anything', () => {
  it('never throws, whatever bytes come, however they are cut', () => {
    const frames = fc.constantFrom(
      ask(1),
      say(1, CARD),
      say(2, KEYS),
      ask(0, { name: 'CHLNG', body: { rndA: new Uint8Array(8) } }),
      say(0, { name: 'CCRYPT', body: { clientId: new Uint8Array(8), rndB: new Uint8Array(8), cryptogram: new Uint8Array(16) } }),
    );
    const mutated = fc.tuple(frames, fc.nat(), fc.integer({ min: 0, max: 255 })).map(([frame, at, byte]) => {
      const copy = frame.slice();
      copy[at % copy.length] = byte;
      return copy;
    });
    const sealed = fc
      .record({
        type: fc.integer({ min: 0, max: 0x30 }),
        block: fc.uint8Array({ maxLength: 3 }),
        code: fc.integer({ min: 0, max: 255 }),
        data: fc.uint8Array({ maxLength: 48 }),
        direction: fc.constantFrom('command' as const, 'reply' as const),
      })
      .map(({ type, block, code, data, direction }) =>
        encodeFrame(
          { address: 1, direction, sequence: 1, check: 'crc', block: { type, data: block }, code, data },
          () => new Uint8Array(16),
        ),
      );
    const chunk = fc.oneof(frames, mutated, sealed, fc.uint8Array({ maxLength: 64 }));
    fc.assert(
      fc.property(fc.array(chunk, { maxLength: 40 }), fc.boolean(), (chunks, reveal) => {
        const monitor = new LineMonitor({ reveal, learnsKeys: true, keys: [{ address: null, scbk: SCBK }] });
        let nowMs = 0;
        for (const bytes of chunks) for (const view of monitor.push(bytes, (nowMs += 7))) expect(view.atMs).toBeLessThanOrEqual(nowMs);
        monitor.flush(nowMs);
        expect(monitor.report.readers.length).toBeLessThanOrEqual(128);
        monitor.dispose();
      }),
      { numRuns: 200 },
    );
  });
});
