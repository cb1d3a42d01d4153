import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type FileTransfer, nextFragment, startTransfer, takeFault, takeStatus } from '#adapters/osdp/session/file-transfer.ts';
import {
  FINISHING_MAX_MS,
  TRANSFER_ATTEMPTS_MAX,
  TRANSFER_DELAY_MAX_MS,
  TRANSFER_FAULTS_MAX,
  TRANSFER_STALL_MAX_MS,
} from '#adapters/osdp/session/limits.ts';
import { SessionRig } from './session-rig.ts';

const FILE = { type: 1, bytes: Uint8Array.from({ length: 5_000 }, (_, index) => (index * 7) & 0xff) };
const OK = { action: 1, delayMs: 0, status: 0, messageMax: 0 };
const running = (transfer: FileTransfer, status: Partial<typeof OK>, bytes = 0, nowMs = 0) =>
  takeStatus(transfer, bytes, { ...OK, ...status }, nowMs);

describe('a file transfer', () => {
  it('cuts any file into fragments that fit any frame, in order, to the last byte', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 3_000 }), fc.integer({ min: 0, max: 2_000 }), (length, frameMax) => {
        const file = { type: 1, bytes: Uint8Array.from({ length }, (_, index) => index & 0xff) };
        let transfer = startTransfer(file, frameMax, 0);
        const received: number[] = [];
        for (;;) {
          const { data, offset } = nextFragment(transfer);
          expect(offset).toBe(received.length);
          received.push(...data);
          const step = takeStatus(transfer, data.length, OK, 0);
          if (step.kind !== 'running') break;
          transfer = step.transfer;
        }
        expect(Uint8Array.from(received)).toEqual(file.bytes);
      }),
      { numRuns: 100 },
    );
  });

  it('takes size, pause and interleaving from the status, and no pause above the limit', () => {
    const transfer = startTransfer(FILE, 256, 0);
    expect(running(transfer, { action: 0, delayMs: 300, messageMax: 200 }, 100, 1_000)).toMatchObject({
      transfer: { offset: 100, nextMs: 1_300, frameMax: 200, isDedicated: true },
    });
    expect(running(transfer, { delayMs: TRANSFER_DELAY_MAX_MS + 1 })).toMatchObject({ transfer: { nextMs: TRANSFER_DELAY_MAX_MS } });
  });

  it.each([-1, -2, -3, 4, -32_768])('ends with status %i', (status) => {
    expect(running(startTransfer(FILE, 256, 0), { status })).toEqual({ kind: 'failed', reason: 'refused' });
  });

  it.each([1, 2])('is no success when the reader says %i before it has everything', (status) => {
    expect(running(startTransfer(FILE, 256, 0), { status }, 10)).toEqual({ kind: 'failed', reason: 'refused' });
    expect(running(startTransfer(FILE, 256, 0), { status }, 5_000)).toEqual({ kind: 'done' });
  });

  it('never leaves the secure channel', () => {
    expect(running(startTransfer(FILE, 256, 0), { action: 2 })).toEqual({ kind: 'failed', reason: 'leaves_channel' });
  });

  it('asks a reader that is finishing as long as the limit and no longer', () => {
    const first = running(startTransfer(FILE, 256, 0), { status: 3 }, 5_000, 1_000);
    if (first.kind !== 'running') throw new TypeError('it runs');
    expect(nextFragment(first.transfer).data).toHaveLength(0);
    expect(running(first.transfer, { status: 3 }, 0, 1_000 + FINISHING_MAX_MS).kind).toBe('running');
    expect(running(first.transfer, { status: 3 }, 0, 1_001 + FINISHING_MAX_MS)).toEqual({ kind: 'failed', reason: 'timeout' });
  });

  it('waits for a reader that takes nothing as long as the limit and no longer', () => {
    const first = running(startTransfer(FILE, 256, 0), {}, 100, 1_000);
    if (first.kind !== 'running') throw new TypeError('it runs');
    expect(running(first.transfer, {}, 0, 1_000 + TRANSFER_STALL_MAX_MS).kind).toBe('running');
    expect(running(first.transfer, {}, 0, 1_001 + TRANSFER_STALL_MAX_MS)).toEqual({ kind: 'failed', reason: 'timeout' });
    expect(running(first.transfer, {}, 100, 1_001 + TRANSFER_STALL_MAX_MS).kind).toBe('running');
  });

  it('repeats a refused fragment as often as the limit, smaller when it was too long', () => {
    let transfer = startTransfer(FILE, 256, 0);
    for (let faults = 0; faults < TRANSFER_FAULTS_MAX; faults += 1) {
      const step = takeFault(transfer, true, 0);
      if (step.kind !== 'running') throw new TypeError('it runs');
      transfer = step.transfer;
    }
    expect(transfer.frameMax).toBe(128);
    expect(takeFault(transfer, false, 0)).toEqual({ kind: 'failed', reason: 'refused' });
  });
});

describe('a session with a file', () => {
  const begin = (rig: SessionRig): void => void rig.event({ kind: 'transfer', nowMs: rig.nowMs, id: 1, file: FILE });

  it('brings it over, tells how far it is, and polls in between', () => {
    const rig = new SessionRig({ receiveMax: 256 }).bringOnline();
    const files: Uint8Array[] = [];
    rig.pd.device.files.onFile(({ content }) => files.push(content));
    rig.pd.device.files.setPolicy({ interleave: true });
    begin(rig);
    rig.pd.presentCard(Uint8Array.of(1, 2, 3, 64), 26);
    expect(rig.untilDone(1)).toMatchObject({ result: 'ok' });
    expect(files).toEqual([FILE.bytes]);
    const progress = rig.effects.flatMap((effect) => (effect.kind === 'transfer_progress' ? [effect.sentBytes] : []));
    expect(progress).toEqual([...progress].sort((left, right) => left - right));
    expect(progress.at(-1)).toBe(FILE.bytes.length);
    expect(rig.kinds()).toContain('card_read');
  });

  it('does not poll a reader that wants nothing else', () => {
    const rig = new SessionRig({ receiveMax: 128 }).bringOnline();
    rig.pd.device.files.setPolicy({ interleave: false });
    begin(rig);
    rig.exchange();
    rig.nowMs += 100;
    rig.effects.length = 0;
    for (let exchanges = 0; exchanges < 10; exchanges += 1) rig.exchange();
    expect(rig.sentCodes()).not.toContain(0x60);
  });

  it('starts again at the first byte after a lost session, and not more often than the limit', () => {
    const rig = new SessionRig({ receiveMax: 128 }).bringOnline();
    begin(rig);
    for (let attempt = 1; attempt <= TRANSFER_ATTEMPTS_MAX; attempt += 1) {
      rig.until(() => (rig.state.transfer?.transfer?.offset ?? 0) > 300);
      expect(rig.done(1)).toBeUndefined();
      rig.event({ kind: 'link_down', nowMs: rig.nowMs });
      if (attempt < TRANSFER_ATTEMPTS_MAX) expect(rig.state.transfer).toMatchObject({ transfer: null });
    }
    expect(rig.done(1)?.result).toBe('offline');
  });

  it('is cancelled with ABORT', () => {
    const rig = new SessionRig({ receiveMax: 128 }).bringOnline();
    begin(rig);
    rig.exchange();
    rig.event({ kind: 'abort', nowMs: rig.nowMs });
    expect(rig.done(1)?.result).toBe('aborted');
    rig.exchange();
    expect(rig.sentCodes().at(-1)).toBe(0xa2);
  });

  it('ends with an alarm when the reader wants it outside of the channel, and the channel stays', () => {
    const rig = new SessionRig().bringOnline();
    rig.pd.device.files.setPolicy({ leavesSecureChannel: true });
    begin(rig);
    expect(rig.untilDone(1).result).toBe('refused');
    expect(rig.alarms()).toEqual(['osdp.cleartext_refused']);
    expect(rig.state.security.name).toBe('open');
  });

  it('waits for a reader that is finishing', () => {
    const rig = new SessionRig().bringOnline();
    rig.pd.device.files.setPolicy({ finishingRounds: 5 });
    begin(rig);
    expect(rig.untilDone(1).result).toBe('ok');
  });

  it('takes one file at a time, none that is empty, and none for a reader that is off line', () => {
    const rig = new SessionRig();
    begin(rig);
    expect(rig.done(1)?.result).toBe('offline');
    rig.bringOnline();
    rig.event({ kind: 'transfer', nowMs: rig.nowMs, id: 2, file: { type: 1, bytes: new Uint8Array(0) } });
    expect(rig.done(2)?.result).toBe('unsupported');
    begin(rig);
    rig.event({ kind: 'transfer', nowMs: rig.nowMs, id: 3, file: FILE });
    expect(rig.done(3)?.result).toBe('queue_full');
  });
});
