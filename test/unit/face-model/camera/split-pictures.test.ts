import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PictureSplitter } from '#face-model/camera/split-pictures.ts';
import { IMAGE_BYTES_MAX } from '#face-model/image/decode-image.ts';

/** A segment with its length, as in ITU-T T.81 B.1.1.4. */
const segment = (marker: number, body: readonly number[]): number[] => [
  0xff,
  marker,
  (body.length + 2) >> 8,
  (body.length + 2) & 255,
  ...body,
];
const scan = (bytes: readonly number[]): number[] => bytes.flatMap((byte) => (byte === 0xff ? [0xff, 0x00] : [byte]));
const jpeg = (body: readonly number[], picture: readonly number[]): Uint8Array =>
  Uint8Array.from([0xff, 0xd8, ...segment(0xe1, body), ...segment(0xda, [1, 2, 3]), ...scan(picture), 0xff, 0xd9]);

const bytes = fc.array(fc.integer({ min: 0, max: 255 }), { maxLength: 60 });
/** Anything but what could be taken for the start of a picture. */
const noise = bytes.map((list) => list.map((byte) => (byte === 0xff ? 0xfe : byte)));
const picture = fc.tuple(bytes, bytes).map(([body, image]) => jpeg(body, image));

function split(stream: Uint8Array, cuts: readonly number[], splitter = new PictureSplitter()): Uint8Array[] {
  const places = [...new Set(cuts.map((cut) => cut % (stream.length + 1)))].sort((a, b) => a - b);
  return [...places, stream.length].flatMap((end, i) => [...splitter.push(stream.slice(places[i - 1] ?? 0, end))]);
}
const plain = (pictures: readonly Uint8Array[]): number[][] => pictures.map((one) => [...one]);

describe('a stream of pictures', () => {
  it('is cut into the same pictures wherever its chunks end, with anything between them', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(noise, picture), { maxLength: 5 }),
        noise,
        fc.array(fc.nat(), { maxLength: 10 }),
        (parts, tail, cuts) => {
          const stream = Uint8Array.from([...parts.flatMap(([before, one]) => [...before, ...one]), ...tail]);
          expect(plain(split(stream, cuts))).toEqual(plain(parts.map(([, one]) => one)));
        },
      ),
    );
  });

  it('is cut into the same pictures byte by byte', () => {
    const one = jpeg([0xff, 0xd8, 1, 0xff, 0xd9, 0xff], [0xff, 5, 0xff, 0xff, 7]);
    const splitter = new PictureSplitter();
    const stream = [...one, ...one];
    expect(plain(stream.flatMap((byte) => [...splitter.push(Uint8Array.of(byte))]))).toEqual(plain([one, one]));
  });

  it('goes on through restart markers, fill bytes and several scans', () => {
    const whole = Uint8Array.from([
      ...[0xff, 0xd8, 0xff, 0xff, ...segment(0xdb, [1]), ...segment(0xda, [1]), 5, 0xff, 0xd0, 6],
      ...[...segment(0xc4, [2]), ...segment(0xda, [1]), 7, 0xff, 0xd9],
    ]);
    expect(plain(split(whole, [9, 20]))).toEqual(plain([whole]));
  });

  it('finds the next picture after one that is broken or cut off', () => {
    const good = jpeg([1], [2]);
    const broken = Uint8Array.from([0xff, 0xd8, 0x12, 0x34]);
    expect(plain(split(Uint8Array.from([...broken, ...good, ...broken, ...good]), [3]))).toEqual(plain([good, good]));
    // What was cut off in a segment's length takes what follows with it, one segment's length at most.
    const splitter = new PictureSplitter();
    split(good.slice(0, 9), [], splitter);
    split(new Uint8Array(66_000), [], splitter);
    expect(plain(split(good, [], splitter))).toEqual(plain([good]));
  });

  it('holds a picture of the greatest length and none of one more, and goes on behind it', () => {
    const size = (length: number): Uint8Array => {
      const head = [0xff, 0xd8, ...segment(0xda, [1, 2, 3])];
      const whole = new Uint8Array(length).fill(1);
      whole.set(head);
      whole.set([0xff, 0xd9], length - 2);
      return whole;
    };
    const splitter = new PictureSplitter();
    expect(split(size(IMAGE_BYTES_MAX), [IMAGE_BYTES_MAX / 2], splitter).map(({ length }) => length)).toEqual([IMAGE_BYTES_MAX]);
    expect(split(size(IMAGE_BYTES_MAX + 1), [IMAGE_BYTES_MAX / 2], splitter)).toEqual([]);
    expect(split(size(100), [], splitter)).toHaveLength(1);
  });

  it('never throws, and finds every whole picture after any bytes at all', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), fc.array(fc.nat(), { maxLength: 6 }), (stream, cuts) => {
        const splitter = new PictureSplitter();
        split(stream, cuts, splitter);
        // Enough to end whatever segment it believes to be in: 65,535 bytes at most.
        split(new Uint8Array(66_000), [], splitter);
        const good = jpeg([3], [4]);
        const after = Array.from({ length: 30 }, () => split(good, [], splitter)).flat();
        expect(plain(after.slice(-5))).toEqual(plain(Array.from({ length: 5 }, () => good)));
      }),
    );
  });
});
