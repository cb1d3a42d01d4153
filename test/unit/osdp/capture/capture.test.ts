import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createCaptureWriter } from '#adapters/osdp/capture/capture-writer.ts';
import { CAPTURE_DATA_MAX, CAPTURE_LINE_MAX, CAPTURE_SOURCE_MAX } from '#adapters/osdp/capture/limits.ts';
import { type CaptureRecord, encodeCaptureLine, parseCaptureLine, toCaptureTime, toEpochMs } from '#adapters/osdp/capture/osdpcap-line.ts';
import { PCAP_LINK_TYPE } from '#adapters/osdp/capture/pcap.ts';
import { readCapture, readCaptureFile } from '#adapters/osdp/capture/read-capture.ts';
import { redactFrame } from '#adapters/osdp/capture/redact-frame.ts';
import { commandTable } from '#adapters/osdp/messages/commands.ts';
import { type Frame, encodeFrame, hasValidCheck, parseFrame } from '#adapters/osdp/wire/frame.ts';
import { SCS2 } from '#adapters/osdp/wire/security-block.ts';
import { temporaryFolder } from '#test/support/temporary-folder.ts';

const LINE =
  '{"timeSec":"1777904795","timeNano":"783558400","io":"output","data":"53-00-08-00-04-60-EB-AA","osdpTraceVersion":"1","osdpSource":"ACUConsole"}';
const SPACED =
  '{ "timeSec" : "1742753422", "timeNano" : "875716308", "io" : "trace", "data" : " 53 00 09 00 04 61 00 c0 66", "osdpTraceVersion":"1", "osdpSource":"libosdp-conformance 1.38-4" }';
const KEY = Uint8Array.from({ length: 16 }, (_, index) => 0xa0 + index);

function frameOf(check: 'crc' | 'checksum', block: { readonly type: number; readonly data: Uint8Array } | null): Frame {
  const message = commandTable.encode({ name: 'KEYSET', body: { kind: 1, key: KEY } });
  const bytes = encodeFrame({ address: 1, direction: 'command', sequence: 1, check, block, ...message }, () =>
    new Uint8Array(16).fill(0x77),
  );
  const frame = parseFrame(bytes);
  if (frame === null) throw new TypeError('not a frame');
  return frame;
}

async function* chunked(text: string, size: number): AsyncGenerator<Uint8Array> {
  const bytes = Buffer.from(text, 'utf8');
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

const all = async (records: AsyncIterable<CaptureRecord>): Promise<CaptureRecord[]> => {
  const found: CaptureRecord[] = [];
  for await (const record of records) found.push(record);
  return found;
};

describe('a line of a capture', () => {
  it('is read as OSDP.Net and the SIA tools write it', () => {
    expect(parseCaptureLine(LINE)).toEqual({
      ok: true,
      record: {
        seconds: 1_777_904_795,
        nanos: 783_558_400,
        io: 'output',
        bytes: Uint8Array.from(Buffer.from('530008000460ebaa', 'hex')),
        source: 'ACUConsole',
      },
    });
    expect(parseCaptureLine(SPACED)).toMatchObject({ ok: true, record: { io: 'trace', source: 'libosdp-conformance 1.38-4' } });
    expect(parseCaptureLine(LINE.replaceAll('-', ''))).toMatchObject({ ok: true });
  });

  it('is written as OSDP.Net writes it', () => {
    const parsed = parseCaptureLine(LINE);
    if (!parsed.ok) throw new TypeError(parsed.problem);
    expect(encodeCaptureLine(parsed.record)).toBe(LINE);
  });

  it('comes back as it was written', () => {
    const record = fc.record({
      seconds: fc.integer({ min: 0, max: 4_000_000_000 }),
      nanos: fc.integer({ min: 0, max: 999_999_999 }),
      io: fc.constantFrom('input' as const, 'output' as const, 'trace' as const),
      bytes: fc.uint8Array({ minLength: 1, maxLength: 200 }),
      source: fc.string({ maxLength: 40 }),
    });
    fc.assert(fc.property(record, (given) => void expect(parseCaptureLine(encodeCaptureLine(given))).toEqual({ ok: true, record: given })));
  });

  it.each([
    ['no JSON', 'nonsense'],
    ['no object', '[1]'],
    ['null', 'null'],
    ['no time', LINE.replace('"timeSec":"1777904795",', '')],
    ['a negative time', LINE.replace('1777904795', '-1')],
    ['too many nanoseconds', LINE.replace('783558400', '1000000000')],
    ['another direction', LINE.replace('output', 'sideways')],
    ['half a byte', LINE.replace('EB-AA', 'EB-A')],
    ['letters that are no hex', LINE.replace('EB-AA', 'EB-XY')],
    ['no bytes', LINE.replace('53-00-08-00-04-60-EB-AA', '')],
    ['two separators', LINE.replace('EB-AA', 'EB--AA')],
    ['another version', LINE.replace('"osdpTraceVersion":"1"', '"osdpTraceVersion":"2"')],
    ['a source that is no text', LINE.replace('"ACUConsole"', '{}')],
    ['a source that is too long', LINE.replace('ACUConsole', 'x'.repeat(CAPTURE_SOURCE_MAX + 1))],
    ['too many bytes', LINE.replace('53-00-08-00-04-60-EB-AA', '00'.repeat(CAPTURE_DATA_MAX + 1))],
    ['too many characters', LINE.replace('{', `{${' '.repeat(CAPTURE_LINE_MAX)}`)],
  ])('is refused with %s', (_name, line) => {
    expect(parseCaptureLine(line)).toMatchObject({ ok: false });
  });

  it('may have CAPTURE_DATA_MAX bytes and a source of CAPTURE_SOURCE_MAX', () => {
    const line = LINE.replace('53-00-08-00-04-60-EB-AA', '00'.repeat(CAPTURE_DATA_MAX)).replace(
      'ACUConsole',
      'x'.repeat(CAPTURE_SOURCE_MAX),
    );
    expect(parseCaptureLine(line)).toMatchObject({ ok: true });
  });

  it('never makes the parser throw or stall', () => {
    fc.assert(fc.property(fc.oneof(fc.string(), fc.json()), (text) => void parseCaptureLine(text)));
    expect(parseCaptureLine(LINE.replace('EB-AA', `${'00'.repeat(CAPTURE_DATA_MAX)}x`))).toMatchObject({ ok: false });
  });

  it('keeps a time to the microsecond', () => {
    expect(toEpochMs(toCaptureTime(1_777_904_795_783.558))).toBeCloseTo(1_777_904_795_783.558, 3);
    expect(toCaptureTime(1_999.999_999_9)).toEqual({ seconds: 1, nanos: 999_999_999 });
  });
});

describe('a capture file', () => {
  it.each([1, 7, 64, 100_000])('is read the same in chunks of %i bytes, with blank lines and either line end', async (size) => {
    const records = await all(readCapture(chunked(`${LINE}\r\n\n${SPACED}\n${LINE}`, size)));
    expect(records.map(({ io }) => io)).toEqual(['output', 'trace', 'output']);
  });

  it('names the line that is wrong', async () => {
    const read = all(readCapture(chunked(`${LINE}\n\n${LINE}\nnonsense\n`, 50)));
    await expect(read).rejects.toMatchObject({ code: 'request.invalid', publicMessage: 'line 4 is not a JSON object' });
  });

  it('is refused with a line longer than CAPTURE_LINE_MAX, before it is read to its end', async () => {
    let chunks = 0;
    async function* endless(): AsyncGenerator<Uint8Array> {
      for (;;) {
        chunks += 1;
        yield new Uint8Array(1_024).fill(0x20);
      }
    }
    await expect(all(readCapture(endless()))).rejects.toMatchObject({ publicMessage: `line 1 is longer than ${CAPTURE_LINE_MAX} bytes` });
    expect(chunks).toBe(CAPTURE_LINE_MAX / 1_024 + 1);
  });

  it('is read up to its largest size and not a byte further', async () => {
    const text = `${LINE}\n`;
    await expect(all(readCapture(chunked(text, 10), { fileMax: text.length }))).resolves.toHaveLength(1);
    await expect(all(readCapture(chunked(text, 10), { fileMax: text.length - 1 }))).rejects.toMatchObject({ code: 'request.invalid' });
  });

  it('that does not exist is told as such', async () => {
    await expect(all(readCaptureFile(join(await temporaryFolder(), 'none')))).rejects.toMatchObject({ code: 'resource.unknown' });
  });

  it('comes back as it was written, without the key in it, readable by its owner only', async () => {
    const file = join(await temporaryFolder(), 'line.osdpcap');
    const writer = await createCaptureWriter(file);
    writer.write(frameOf('crc', null), 1_700_000_000_123);
    await writer.close();
    const [record] = await all(readCaptureFile(file));
    expect(record).toMatchObject({ seconds: 1_700_000_000, nanos: 123_000_000, io: 'trace', source: 'Gatehouse' });
    expect(readFileSync(file, 'utf8')).not.toContain('A0-A1-A2');
    expect(statSync(file).mode & 0o777).toBe(0o600);
    await expect(createCaptureWriter(file)).rejects.toMatchObject({ code: 'request.conflict' });
  });

  it('for Wireshark has the link type of its dissector, and a record a frame', async () => {
    const file = join(await temporaryFolder(), 'line.pcap');
    const writer = await createCaptureWriter(file);
    const frame = frameOf('crc', null);
    writer.write(frame, 1_700_000_000_123.25);
    await writer.close();
    const bytes = readFileSync(file);
    expect([bytes.readUInt32LE(0), bytes.readUInt16LE(4), bytes.readUInt16LE(6), bytes.readUInt32LE(20)]).toEqual([
      0xa1b2c3d4,
      2,
      4,
      PCAP_LINK_TYPE,
    ]);
    expect([24, 28, 32, 36].map((at) => bytes.readUInt32LE(at))).toEqual([1_700_000_000, 123_250, frame.bytes.length, frame.bytes.length]);
    expect(bytes.subarray(40)).toEqual(Buffer.from(redactFrame(frame)));
  });

  it('in a folder that does not exist is refused', async () => {
    await expect(createCaptureWriter(join(await temporaryFolder(), 'none', 'x.pcap'))).rejects.toMatchObject({ code: 'store.unavailable' });
  });
});

describe('a redacted KEYSET', () => {
  it.each(['crc', 'checksum'] as const)('in clear keeps type and length and has a right %s', (check) => {
    const frame = frameOf(check, null);
    const redacted = parseFrame(redactFrame(frame));
    expect(hasValidCheck(redacted?.bytes ?? KEY)).toBe(true);
    expect(Array.from(redacted?.data ?? [])).toEqual([1, 16, ...Array.from({ length: 16 }, () => 0)]);
    expect(Array.from(frame.data.subarray(2))).toEqual(Array.from(KEY));
  });

  it('in a secure channel has neither ciphertext nor MAC', () => {
    const redacted = parseFrame(redactFrame(frameOf('crc', { type: 0x17, data: new Uint8Array(0) })));
    expect(new Set([...(redacted?.data ?? [1]), ...(redacted?.mac ?? [1])])).toEqual(new Set([0]));
    expect(hasValidCheck(redacted?.bytes ?? KEY)).toBe(true);
  });

  it('in secure channel 2, where the code is ciphertext, is any command of its length, and no other', () => {
    const sealed = (code: number, bodyLength: number): Frame => {
      const block = { type: SCS2.commandEncrypted, data: new Uint8Array(0) };
      const fields = {
        address: 1,
        direction: 'command',
        sequence: 1,
        check: 'crc',
        block,
        code,
        data: new Uint8Array(bodyLength).fill(9),
      } as const;
      const frame = parseFrame(encodeFrame(fields, () => new Uint8Array(16).fill(0x77)));
      if (frame === null) throw new TypeError('not a frame');
      return frame;
    };
    const redacted = parseFrame(redactFrame(sealed(0x13, 34)));
    expect(new Set([...(redacted?.data ?? [1]), ...(redacted?.mac ?? [1])])).toEqual(new Set([0]));
    expect(hasValidCheck(redacted?.bytes ?? KEY)).toBe(true);
    for (const other of [sealed(0x13, 33), sealed(0x13, 35), sealed(0x75, 4)]) expect(redactFrame(other)).toEqual(other.bytes);
  });
});
