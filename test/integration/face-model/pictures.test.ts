import { crc32 } from 'node:zlib';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { analyseFrame } from '#face-model/capture/analyse-frame.ts';
import { decodeImage, IMAGE_BYTES_MAX, IMAGE_PIXELS_MAX, IMAGE_SIDE_MIN } from '#face-model/image/decode-image.ts';
import type { Frame } from '#face-model/image/frame.ts';
import { loadPack, type FacePack } from '#face-model/pack/load-pack.ts';
import { detectFaces } from '#face-model/stages/detect-faces.ts';
import type { TensorModel } from '#face-model/stages/tensor-model.ts';
import { defaultPackFolder, samplePictures } from '#test/support/face/face-pack.ts';

const plain = (width: number, height: number, format: 'jpeg' | 'png' | 'webp' | 'gif' = 'jpeg'): Promise<Buffer> =>
  sharp({ create: { width, height, channels: 3, background: '#777' } })
    .toFormat(format)
    .toBuffer();

describe('bytes that are to be a picture', () => {
  it.each([
    ['nothing', async () => Buffer.alloc(0), 'not_jpeg_or_png'],
    ['text', async () => Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>'), 'not_jpeg_or_png'],
    ['WebP', async () => plain(100, 100, 'webp'), 'not_jpeg_or_png'],
    ['GIF', async () => plain(100, 100, 'gif'), 'not_jpeg_or_png'],
    ['the beginning of a JPEG', async () => (await plain(300, 300)).subarray(0, 100), 'broken'],
    ['a JPEG’s first bytes and noise', async () => Buffer.concat([Buffer.from([0xff, 0xd8, 0xff]), Buffer.alloc(500, 0x55)]), 'broken'],
    ['too many bytes', async () => Buffer.alloc(IMAGE_BYTES_MAX + 1, 0xff), 'too_large'],
    ['too many pixels', async () => plain(IMAGE_PIXELS_MAX / 2_048 + 1, 2_048, 'png'), 'too_large'],
    ['too few pixels', async () => plain(IMAGE_SIDE_MIN - 1, 200), 'too_small'],
  ])('are refused when they are %s', async (_name, make, problem) => {
    expect(await decodeImage(await make())).toEqual({ kind: 'refused', problem });
  });

  const chunk = (type: string, data: string): Buffer => {
    const body = Buffer.concat([Buffer.from(type), Buffer.from(data, 'latin1')]);
    const [length, check] = [Buffer.alloc(4), Buffer.alloc(4)];
    length.writeUInt32BE(data.length);
    check.writeUInt32BE(crc32(body));
    return Buffer.concat([length, body, check]);
  };
  /** Behind the first chunk, which says how large the picture is. */
  const withChunks = async (...chunks: readonly Buffer[]): Promise<Buffer> => {
    const still = await plain(100, 100, 'png');
    return Buffer.concat([still.subarray(0, 33), ...chunks, still.subarray(33)]);
  };
  const moving = chunk('acTL', '\0\0\0\x02\0\0\0\0');

  it.each([
    ['at once', [moving]],
    ['behind more text than a camera writes', [chunk('tEXt', `note\0${'x'.repeat(70_000)}`), moving]],
    ['behind text that speaks of pictures', [chunk('tEXt', 'note\0IDAT'), moving]],
  ])('are refused when they move, which they say %s', async (_where, chunks) => {
    expect(await decodeImage(await withChunks(...chunks))).toEqual({ kind: 'refused', problem: 'animated' });
  });

  it('are not refused for text that speaks of moving', async () => {
    expect(await decodeImage(await withChunks(chunk('tEXt', 'note\0acTL')))).toMatchObject({ kind: 'frame' });
  });

  it.each([IMAGE_SIDE_MIN, 2_048])('are a frame at %i pixels a side', async (side) => {
    expect(await decodeImage(await plain(side, side, 'png'))).toMatchObject({ kind: 'frame', frame: { width: side, height: side } });
  });

  it('stand upright whatever the camera noted, in three channels whatever they had', async () => {
    const turned = await sharp(await plain(200, 100))
      .withMetadata({ orientation: 6 })
      .toBuffer();
    expect(await decodeImage(turned)).toMatchObject({ kind: 'frame', frame: { width: 100, height: 200 } });
    const grey = await sharp(await plain(80, 80))
      .greyscale()
      .png()
      .toBuffer();
    const seeThrough = await sharp({ create: { width: 80, height: 80, channels: 4, background: '#ff000080' } })
      .png()
      .toBuffer();
    for (const picture of [grey, seeThrough]) {
      const decoded = await decodeImage(picture);
      expect(decoded.kind === 'frame' ? decoded.frame.rgb.length : decoded.problem).toBe(80 * 80 * 3);
    }
  });
});

describe('a frame', () => {
  let pack: FacePack;
  let pictures: readonly Uint8Array[] = [];
  beforeAll(async () => {
    pack = await loadPack({ folder: await defaultPackFolder() });
    pictures = await samplePictures();
  }, 300_000);
  afterAll(() => pack.close());

  const frameOf = async (picture: Uint8Array): Promise<Frame> => {
    const decoded = await decodeImage(picture);
    if (decoded.kind !== 'frame') throw new Error(decoded.problem);
    return decoded.frame;
  };

  it('without a face is no face: grey, black, noise', async () => {
    const noise = Uint8Array.from({ length: 320 * 240 * 3 }, (_, i) => (i * 7_919) % 251);
    const frames = [
      await frameOf(await plain(320, 240)),
      { width: 320, height: 240, rgb: new Uint8Array(320 * 240 * 3) },
      { width: 320, height: 240, rgb: noise },
    ];
    for (const frame of frames) expect(await analyseFrame(frame, pack)).toEqual({ kind: 'no_face' });
  });

  it('with several people is several faces', async () => {
    const kinds: string[] = [];
    for (const picture of pictures) kinds.push((await analyseFrame(await frameOf(picture), pack)).kind);
    expect(kinds).toContain('several_faces');
  });

  it('with one person is a face with numbers that can be judged', async () => {
    let found = 0;
    for (const picture of pictures) {
      const frame = await frameOf(picture);
      const [face] = await detectFaces(frame, pack.models.detector, pack.manifest.detector);
      if (face === undefined) continue;
      const side = Math.ceil(Math.max(face.width, face.height) * 1.6);
      const left = Math.max(0, Math.round(face.centre.x - side / 2));
      const top = Math.max(0, Math.round(face.centre.y - side / 2));
      const width = Math.min(side, frame.width - left);
      const height = Math.min(side, frame.height - top);
      const cut = await sharp(frame.rgb, { raw: { width: frame.width, height: frame.height, channels: 3 } })
        .extract({ left, top, width, height })
        .png()
        .toBuffer();
      const decoded = await decodeImage(cut);
      if (decoded.kind !== 'frame') continue;
      const result = await analyseFrame(decoded.frame, pack);
      if (result.kind !== 'face') continue;
      found += 1;
      expect(Object.values(result.quality).every(Number.isFinite)).toBe(true);
      expect(result.live01).toBeGreaterThanOrEqual(0);
      expect(result.embedding).toHaveLength(512);
    }
    expect(found).toBeGreaterThan(0);
  });

  it('is unreadable when a model answers with what is no number', async () => {
    const odd = (model: TensorModel): TensorModel => ({
      ...model,
      run: async (input, shape) => {
        const outputs = await model.run(input, shape);
        return Object.fromEntries(Object.entries(outputs).map(([name, values]) => [name, values.fill(Number.NaN)]));
      },
    });
    const results = new Map<string, Set<string>>();
    for (const role of ['detector', 'mesh', 'embedder', 'liveness'] as const) {
      const broken = { ...pack, models: { ...pack.models, [role]: odd(pack.models[role]) } };
      const kinds = new Set<string>();
      for (const picture of pictures) kinds.add((await analyseFrame(await frameOf(picture), broken)).kind);
      results.set(role, kinds);
    }
    for (const [role, kinds] of results) expect(kinds, role).not.toContain('face');
    expect(results.get('detector')).toEqual(new Set(['no_face']));
  });
});
