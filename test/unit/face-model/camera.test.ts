import fc from 'fast-check';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { openCamera, parseCommand } from '#face-model/camera/capture-command.ts';
import { PictureSplitter } from '#face-model/camera/split-pictures.ts';
import { IMAGE_BYTES_MAX } from '#face-model/image/decode-image.ts';

const noise = (seed: number) => Buffer.from(Array.from({ length: 24 * 24 * 3 }, (_, i) => (Math.imul(i + seed, 0x9e3779b1) >>> 24) & 255));
const jpeg = (seed: number, options: object = {}) =>
  sharp(noise(seed), { raw: { width: 24, height: 24, channels: 3 } })
    .jpeg({ quality: 95, ...options })
    .toBuffer();

describe('a stream of pictures', () => {
  it('is cut into them, wherever its chunks end', async () => {
    const pictures = [
      await jpeg(1),
      await jpeg(2, { progressive: true }),
      await sharp(await jpeg(3))
        .withExifMerge({ IFD0: { Copyright: 'x' } })
        .jpeg()
        .toBuffer(),
    ];
    const stream = Buffer.concat(pictures);
    for (const size of [1, 7, 100, stream.length]) {
      const splitter = new PictureSplitter();
      const found: Uint8Array[] = [];
      for (let at = 0; at < stream.length; at += size) found.push(...splitter.push(stream.subarray(at, at + size)));
      expect(found.map((one) => Buffer.from(one).equals(pictures[found.indexOf(one)] ?? Buffer.alloc(0)))).toEqual([true, true, true]);
    }
  });

  it('goes on after what is no picture', async () => {
    const picture = await jpeg(4);
    const stream = Buffer.concat([Buffer.from('hello'), Buffer.of(0xff, 0xd8, 0x00, 0x01), picture, Buffer.of(0xff), picture]);
    expect(new PictureSplitter().push(stream)).toHaveLength(2);
  });

  it('keeps no more than the longest picture', () => {
    const splitter = new PictureSplitter();
    const endless = Buffer.concat([Buffer.of(0xff, 0xd8, 0xff, 0xda, 0, 2), Buffer.alloc(IMAGE_BYTES_MAX)]);
    expect(splitter.push(endless)).toEqual([]);
    // It was let go: the end of it ends nothing.
    expect(splitter.push(Buffer.of(0xff, 0xd9))).toEqual([]);
    const longest = Buffer.concat([Buffer.of(0xff, 0xd8, 0xff, 0xda, 0, 2), Buffer.alloc(IMAGE_BYTES_MAX - 8), Buffer.of(0xff, 0xd9)]);
    expect(splitter.push(longest)[0]).toHaveLength(IMAGE_BYTES_MAX);
  });

  it('never throws', () => {
    const splitter = new PictureSplitter();
    fc.assert(fc.property(fc.uint8Array({ maxLength: 64 }), (bytes) => void splitter.push(bytes)));
  });
});

describe('a capture command', () => {
  it('is words, kept together by quotes, and no shell’s', () => {
    expect(parseCommand('ffmpeg -i "/dev/my camera" \'a b\' ; rm')).toEqual(['ffmpeg', '-i', '/dev/my camera', 'a b', ';', 'rm']);
    for (const line of ['', '   ', '""', 'x '.repeat(65)]) expect(() => parseCommand(line)).toThrow(RangeError);
  });

  it('gives its pictures while it is open, and ends with it', async () => {
    const picture = (await jpeg(5)).toString('base64');
    const program = `setInterval(() => process.stdout.write(Buffer.from('${picture}', 'base64')), 20)`;
    const seen: number[] = [];
    const camera = openCamera([process.execPath, '-e', program], (one) => seen.push(one.length));
    await expect.poll(() => seen.length, { timeout: 20_000 }).toBeGreaterThan(2);
    await camera.close();
    const count = seen.length;
    await camera.ended;
    expect(seen).toHaveLength(count);
  });

  it('that is not there ends at once', async () => {
    const camera = openCamera(['/nowhere/camera'], () => undefined);
    await camera.ended;
    await camera.close();
  });
});
