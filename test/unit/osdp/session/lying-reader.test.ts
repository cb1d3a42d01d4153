import { describe, expect, it } from 'vitest';
import { EMPTY } from '#adapters/osdp/messages/fields.ts';
import type { EncodedMessage } from '#adapters/osdp/messages/message-table.ts';
import { replyTable } from '#adapters/osdp/messages/replies.ts';
import { LONG_OPERATION_MAX_MS, TRANSFER_DELAY_MAX_MS, TRANSFER_STALL_MAX_MS } from '#adapters/osdp/session/limits.ts';
import { LyingReader } from './lying-reader.ts';

const LSTAT = 0x64;
const BIOREAD = 0x73;
const ACK = replyTable.encode({ name: 'ACK', body: EMPTY });
const FIRST_PART = replyTable.encode({ name: 'EXT_PDID', body: { total: 1_000, offset: 0, data: new Uint8Array(10) } });
const inParts =
  (code: number): ((sent: number) => EncodedMessage) =>
  (sent) =>
    sent === code ? FIRST_PART : ACK;
const always = (answer: EncodedMessage) => (): EncodedMessage => answer;

describe('a reader that holds its key and lies', () => {
  it('begins answers in parts and never ends one: every command ends all the same', () => {
    const reader = new LyingReader();
    const ids = [1, 2, 3, 4, 5];
    ids.forEach(() => {
      reader.rig.command({ name: 'LSTAT', body: EMPTY });
      reader.answerUntil(LSTAT, inParts(LSTAT));
    });
    reader.rig.nowMs += LONG_OPERATION_MAX_MS;
    reader.answer(always(ACK));
    expect(ids.map((id) => reader.rig.done(id)?.result)).toEqual(['timeout', 'refused', 'refused', 'refused', 'refused']);
  });

  it('answers one command in parts while another waits for its own: the other still ends', () => {
    const reader = new LyingReader();
    reader.rig.command({ name: 'BIOREAD', body: { reader: 0, type: 1, format: 0, quality: 0 } });
    reader.answerUntil(BIOREAD, always(ACK));
    reader.rig.command({ name: 'LSTAT', body: EMPTY });
    reader.answerUntil(LSTAT, inParts(LSTAT));
    expect(reader.rig.done(2)?.result).toBe('refused');
    reader.rig.nowMs += LONG_OPERATION_MAX_MS;
    reader.answer(always(ACK));
    expect(reader.rig.done(1)?.result).toBe('timeout');
  });

  it('puts a file off with every poll: it is given up, and the reader gets its lights again', () => {
    const reader = new LyingReader();
    const later = replyTable.encode({ name: 'FTSTAT', body: { action: 4, delayMs: TRANSFER_DELAY_MAX_MS - 1, status: 0, messageMax: 0 } });
    reader.rig.event({ kind: 'transfer', nowMs: reader.rig.nowMs, id: 99, file: { type: 1, bytes: new Uint8Array(5_000) } });
    const untilMs = reader.rig.nowMs + TRANSFER_STALL_MAX_MS + TRANSFER_DELAY_MAX_MS;
    while (reader.rig.done(99) === undefined && reader.rig.nowMs < untilMs) reader.answer(always(later));
    expect(reader.rig.done(99)?.result).toBe('timeout');
    reader.rig.command({ name: 'LSTAT', body: EMPTY });
    reader.answerUntil(LSTAT, always(ACK));
    expect(reader.rig.done(1)?.result).toBe('ok');
  });
});
