import { describe, expect, it } from 'vitest';
import { EMPTY } from '#adapters/osdp/messages/fields.ts';
import type { EncodedMessage } from '#adapters/osdp/messages/message-table.ts';
import { replyTable } from '#adapters/osdp/messages/replies.ts';
import { CARD_AGE_MAX_MS, LONG_OPERATION_MAX_MS, TRANSFER_DELAY_MAX_MS, TRANSFER_STALL_MAX_MS } from '#adapters/osdp/session/limits.ts';
import { LyingReader } from './lying-reader.ts';

const LSTAT = 0x64;
const BIOREAD = 0x73;
const COMSET = 0x6e;
const FILETRANSFER = 0x7c;
const POLL = 0x60;
const NAK = replyTable.encode({ name: 'NAK', body: { code: 3, detail: new Uint8Array(0) } });
const CARD = replyTable.encode({ name: 'RAW', body: { reader: 0, format: 1, bitCount: 26, bits: Uint8Array.of(1, 2, 3, 0) } });
const ACK = replyTable.encode({ name: 'ACK', body: EMPTY });
const FIRST_PART = replyTable.encode({ name: 'EXT_PDID', body: { total: 1_000, offset: 0, data: new Uint8Array(10) } });
const inParts =
  (code: number): ((sent: number) => EncodedMessage) =>
  (sent) =>
    sent === code ? FIRST_PART : ACK;
const answering =
  (code: number, answer: EncodedMessage): ((sent: number) => EncodedMessage) =>
  (sent) =>
    sent === code ? answer : ACK;
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

  it.each([0, 1, 12_345, 0xffffffff])(
    'says that it goes to a speed that is none (%d): it is looked for at the one that was asked for',
    (baud) => {
      const { rig } = moved({ address: 9, baud });
      expect(rig.effects).toContainEqual({ kind: 'line_settings', address: 9, baud: 38_400 });
    },
  );

  it('says that it keeps its address: it is looked for there', () => {
    const { rig } = moved({ address: 1, baud: 9_600 });
    expect(rig.effects).toContainEqual({ kind: 'line_settings', address: 1, baud: 9_600 });
  });

  it.each([5, 126, 127, 255])('says that it goes to the address of another (%d): nobody follows it there', (address) => {
    const { rig } = moved({ address, baud: 38_400 });
    expect(rig.done(1)?.result).toBe('refused');
    expect(rig.kinds()).not.toContain('line_settings');
    expect(rig.state).toMatchObject({ phase: 'online', config: { address: 1 }, lineChange: null });
  });

  it('keeps a card while it is sent a file that it wants for itself: the card is too old afterwards', () => {
    const reader = new LyingReader();
    const { rig } = reader;
    const goOn = replyTable.encode({ name: 'FTSTAT', body: { action: 0, delayMs: 0, status: 0, messageMax: 0 } });
    rig.event({ kind: 'transfer', nowMs: rig.nowMs, id: 99, file: { type: 1, bytes: new Uint8Array(12_000) } });
    while (rig.done(99) === undefined) {
      reader.answer(answering(FILETRANSFER, goOn));
      rig.nowMs += 500;
    }
    expect(rig.done(99)?.result).toBe('ok');
    reader.answerUntil(POLL, answering(POLL, CARD));
    expect(rig.kinds()).not.toContain('card_read');
    expect(rig.effects).toContainEqual({ kind: 'excess', code: 'osdp.stale_read_dropped' });
    // What it has from there on is new.
    while (rig.state.phase !== 'online') reader.answer(always(ACK));
    reader.answerUntil(POLL, answering(POLL, CARD));
    expect(rig.kinds()).toContain('card_read');
  });

  it('refuses its polls for long and then has a card: the card is too old', () => {
    const reader = new LyingReader();
    const { rig } = reader;
    for (let elapsedMs = 0; elapsedMs <= CARD_AGE_MAX_MS; elapsedMs += 500) {
      reader.answer(always(NAK));
      rig.nowMs += 500;
    }
    reader.answerUntil(POLL, always(CARD));
    expect(rig.kinds()).not.toContain('card_read');
  });
});

/** Asked to go to address 9 at 38,400 baud; what it says that it does. */
function moved(answer: { readonly address: number; readonly baud: number }): LyingReader {
  const reader = new LyingReader();
  reader.rig.event({ kind: 'set_line', nowMs: reader.rig.nowMs, id: 1, wanted: { address: 9, baud: 38_400 } });
  reader.answerUntil(COMSET, answering(COMSET, replyTable.encode({ name: 'COM', body: answer })));
  return reader;
}
