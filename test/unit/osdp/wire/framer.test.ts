import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FRAME_LENGTH_MAX, encodeFrame } from '#adapters/osdp/wire/frame.ts';
import { FRAMER_BUFFER_MAX, Framer } from '#adapters/osdp/wire/framer.ts';
import { bitFlips, bytesOf, frameFields, frameOfLength } from './frame-samples.ts';

const poll = encodeFrame({ address: 5, direction: 'command', sequence: 2, check: 'crc', block: null, code: 0x60, data: new Uint8Array(0) });

describe('Framer', () => {
  it('gives back every field of a frame', () => {
    fc.assert(
      fc.property(frameFields, (fields) => {
        const [frame, ...more] = new Framer().push(bytesOf(fields));
        expect(more).toEqual([]);
        expect(frame).toMatchObject(fields);
      }),
    );
  });

  it('finds the same frame wherever the stream is cut', () => {
    fc.assert(
      fc.property(frameFields, (fields) => {
        const bytes = bytesOf(fields);
        for (let cut = 0; cut <= bytes.length; cut += 1) {
          const framer = new Framer();
          const frames = [...framer.push(bytes.subarray(0, cut)), ...framer.push(bytes.subarray(cut))];
          expect(frames).toHaveLength(1);
        }
      }),
      { numRuns: 30 },
    );
  });

  it('gives nothing for any truncation, and is clean after reset', () => {
    for (let length = 0; length < poll.length; length += 1) {
      const framer = new Framer();
      expect(framer.push(poll.subarray(0, length))).toEqual([]);
      expect(framer.reset()).toEqual([]);
      expect(framer.pendingBytes).toBe(0);
      expect(framer.push(poll)).toHaveLength(1);
    }
  });

  it('050-09-16: refuses every single-bit change and finds the next frame after a silence', () => {
    fc.assert(
      fc.property(frameFields, (fields) => {
        for (const flipped of bitFlips(bytesOf(fields))) {
          const framer = new Framer();
          const frames = [...framer.push(flipped), ...framer.push(poll), ...framer.reset()];
          expect(frames.map(({ code }) => code)).toEqual([0x60]);
        }
      }),
      { numRuns: 10 },
    );
  });

  it('never throws on random bytes, holds no more than its buffer, and works afterwards', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 4_000 }), { maxLength: 8 }), (chunks) => {
        const framer = new Framer();
        for (const chunk of chunks) {
          framer.push(chunk);
          expect(framer.pendingBytes).toBeLessThanOrEqual(FRAMER_BUFFER_MAX);
        }
        framer.reset();
        expect(framer.push(poll)).toHaveLength(1);
      }),
      { numRuns: 200 },
    );
  });

  it('050-09-06: takes a frame of the greatest length and refuses one byte more', () => {
    const greatest = frameOfLength(FRAME_LENGTH_MAX);
    expect(new Framer().push(greatest)).toHaveLength(1);
    expect(() => frameOfLength(FRAME_LENGTH_MAX + 1)).toThrow(TypeError);
    const claimed = new Uint8Array(greatest);
    claimed.set([(FRAME_LENGTH_MAX + 1) & 0xff, (FRAME_LENGTH_MAX + 1) >> 8], 2);
    const framer = new Framer();
    framer.push(claimed);
    expect(framer.counters).toMatchObject({ badLength: 1, frames: 0 });
  });

  it('takes many frames from one chunk', () => {
    const framer = new Framer();
    const chunk = new Uint8Array(poll.length * 1_000);
    for (let index = 0; index < 1_000; index += 1) chunk.set(poll, index * poll.length);
    expect(framer.push(chunk)).toHaveLength(1_000);
  });

  it('resumes one byte after a false start, not after the length it claims', () => {
    const falseStart = Uint8Array.of(0x53, 0x01, poll.length, 0x00);
    expect(new Framer().push(Buffer.concat([falseStart, poll, poll]))).toHaveLength(2);
  });

  it('finds at a silence the frame that a false start has swallowed', () => {
    const falseStart = Uint8Array.of(0x53, 0x01, 0x00, 0x05, 0x04);
    const framer = new Framer();
    expect(framer.push(Buffer.concat([falseStart, poll]))).toEqual([]);
    expect(framer.reset()).toHaveLength(1);
  });

  it('050-09-15, 050-09-11: refuses a right checksum unless told to accept it', () => {
    const bytes = encodeFrame({
      address: 5,
      direction: 'reply',
      sequence: 0,
      check: 'checksum',
      block: null,
      code: 0x40,
      data: new Uint8Array(0),
    });
    const strict = new Framer();
    expect(strict.push(bytes)).toEqual([]);
    expect(strict.counters.checksumRefused).toBe(1);
    expect(new Framer({ checksum: 'accept' }).push(bytes)).toHaveLength(1);
  });

  it('counts marks as the line settling and anything else as noise', () => {
    const framer = new Framer();
    framer.push(Uint8Array.of(0xff, 0xff, 0x00, 0x01, ...poll));
    expect(framer.counters).toMatchObject({ noiseBytes: 2, frames: 1 });
  });

  it('refuses a frame whose block is longer than the frame', () => {
    const bytes = encodeFrame({
      address: 1,
      direction: 'reply',
      sequence: 1,
      check: 'crc',
      block: { type: 0x12, data: Uint8Array.of(1) },
      code: 0x40,
      data: new Uint8Array(0),
    });
    // The block length byte counts into the CRC, so the frame is built anew with the lie in its place.
    const lying = encodeFrame({
      address: 1,
      direction: 'reply',
      sequence: 1,
      check: 'crc',
      block: null,
      code: 0xff,
      data: bytes.subarray(6, 9),
    });
    lying[4] = bytes[4] ?? 0;
    const framer = new Framer();
    framer.push(withCheck(lying));
    framer.reset();
    expect(framer.counters).toMatchObject({ malformed: 1, frames: 0 });
  });

  it('hands out frames that do not change with the next chunk', () => {
    const framer = new Framer();
    const [frame] = framer.push(poll);
    const before = frame === undefined ? '' : Buffer.from(frame.bytes).toString('hex');
    framer.push(frameOfLength(200));
    expect(Buffer.from(frame?.bytes ?? []).toString('hex')).toBe(before);
  });
});

function withCheck(bytes: Uint8Array): Uint8Array {
  const body = bytes.subarray(0, bytes.length - 2);
  const crc = crcOf(body);
  return Uint8Array.of(...body, crc & 0xff, crc >> 8);
}

/** Bit by bit: not the table of the code under test. */
function crcOf(bytes: Uint8Array): number {
  let register = 0x1d0f;
  for (const byte of bytes) {
    register ^= byte << 8;
    for (let bit = 0; bit < 8; bit += 1) register = (register & 0x8000 ? (register << 1) ^ 0x1021 : register << 1) & 0xffff;
  }
  return register;
}
