import { describe, expect, it } from 'vitest';
import type { ReaderFrames, ReaderView, WatchedFrameView } from '#gateway/http/contract/readers.ts';
import { appendFrames, LINE_ROWS_MAX, NO_ROWS } from '#admin-ui/src/features/readers/line-rows.ts';
import {
  conditionText,
  describeReader,
  identityText,
  nextStep,
  retryText,
  timesText,
} from '#admin-ui/src/features/readers/reader-words.ts';

const traffic = {
  exchanges: 200,
  polls: 190,
  retries: 3,
  timeouts: 0,
  badChecks: 0,
  offline: 0,
  roundTripP50Ms: 3,
  roundTripP99Ms: 5,
  roundTripMaxMs: 6,
};
const reader: ReaderView = {
  id: 'front-in',
  name: 'Front',
  doorId: 'front',
  doorName: 'Front door',
  side: 'entry',
  busId: 'bus-1',
  address: 1,
  online: true,
  sinceMs: 0,
  offlineCause: null,
  identity: { vendor: '0a0017', model: 3, version: 0, serial: 'cafedeed', firmware: '1.80.2' },
  condition: { tampered: false, powerFailed: false },
  traffic,
  alarms: {},
  biometrics: null,
};
const frame = (seq: number): WatchedFrameView => ({ seq, view: { kind: 'broken', atMs: 0, fault: 'check', address: 1, lengthBytes: 9 } });
const answer = (seqs: readonly number[], over: Partial<ReaderFrames> = {}): ReaderFrames => ({
  frames: seqs.map(frame),
  lastSeq: seqs.at(-1) ?? 0,
  hasGap: false,
  idleFrames: 0,
  ...over,
});

describe('the words for a reader', () => {
  it('say nothing of one that nobody can tell about, whatever was heard before', () => {
    expect(describeReader(reader, 'not known since 12:00').label).toBe('Not known');
    expect(describeReader(reader, null)).toMatchObject({ tone: 'ok', label: 'Online' });
    expect(describeReader({ ...reader, online: false, offlineCause: 'secure_channel_failed' }, null)).toMatchObject({
      tone: 'warn',
      detail: 'no secure channel',
    });
    expect(describeReader({ ...reader, online: false }, null).detail).toBe('never answered');
  });

  it('tell identity and repeats also before there are any', () => {
    expect(identityText(reader)).toBe('vendor 0a0017, model 3.0, firmware 1.80.2');
    expect(identityText({ ...reader, identity: null })).toBe('not heard yet');
    expect(retryText(reader)).toBe('3 (1.5 %)');
    expect(retryText({ ...reader, traffic: { ...traffic, exchanges: 0 } })).toBe('none yet');
    expect(retryText({ ...reader, traffic: { ...traffic, exchanges: 52_000, retries: 12 } })).toBe('12 (under 0.1 %)');
    expect([0, 1, 2_000].map(timesText)).toEqual(['never', 'once', '2,000 times']);
  });

  it('say what to do about one that was opened or does not answer, and nothing about one that is well', () => {
    expect(nextStep(reader)).toBeNull();
    const tampered = { ...reader, condition: { tampered: true, powerFailed: false } };
    expect(describeReader(tampered, null)).toMatchObject({ tone: 'deny', label: 'Tampered with' });
    expect(nextStep(tampered)).toContain('Send somebody');
    expect(nextStep({ ...reader, online: false, condition: null, offlineCause: 'link_down' })).toContain('serial server');
  });

  it('tell of housing and power what the reader has said, and that it has not', () => {
    expect(conditionText(reader)).toBe('closed, power good');
    expect(conditionText({ ...reader, condition: { tampered: true, powerFailed: true } })).toBe('tampered with, power failing');
    expect(conditionText({ ...reader, condition: null })).toBe('it does not say');
    expect(conditionText({ ...reader, online: false, condition: null })).toBe('not known');
  });
});

describe('the rows of a line', () => {
  const seqsOf = (rows: readonly WatchedFrameView[]): readonly number[] => rows.map(({ seq }) => seq);

  it('grow by each answer, to LINE_ROWS_MAX', () => {
    const first = appendFrames(NO_ROWS, answer([1, 2]));
    expect(seqsOf(appendFrames(first, answer([3])).rows)).toEqual([1, 2, 3]);
    const full = appendFrames(NO_ROWS, answer(Array.from({ length: LINE_ROWS_MAX }, (_, index) => index + 1)));
    expect(full.rows).toHaveLength(LINE_ROWS_MAX);
    const more = appendFrames(full, answer([LINE_ROWS_MAX + 1]));
    expect([more.rows.length, more.rows[0]?.seq]).toEqual([LINE_ROWS_MAX, 2]);
  });

  it('stay when nothing came', () => {
    const first = appendFrames(NO_ROWS, answer([1]));
    expect(appendFrames(first, answer([], { lastSeq: 1, idleFrames: 8 }))).toMatchObject({ rows: first.rows, lastSeq: 1, idleFrames: 8 });
  });

  it('say before which one some are missing', () => {
    expect(appendFrames(appendFrames(NO_ROWS, answer([1])), answer([9], { hasGap: true })).gapBefore).toBe(9);
  });

  it('begin anew with a door controller that was started again', () => {
    const first = appendFrames(NO_ROWS, answer([41, 42], { hasGap: true }));
    expect(appendFrames(first, answer([1]))).toMatchObject({ lastSeq: 1, gapBefore: null, rows: [{ seq: 1 }] });
  });
});
