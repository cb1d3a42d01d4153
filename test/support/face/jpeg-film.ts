import { writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import sharp from 'sharp';
import type { Frame } from '#face-model/image/frame.ts';

const PLAYER = fileURLToPath(new URL('play-film.ts', import.meta.url));
const QUALITY = 92;
const GRAIN = 4;

/** JPEGs one after the other. Each gets some grain of its own: a camera makes no two pictures that are equal. */
export async function writeJpegFilm(path: string, frames: readonly Frame[]): Promise<void> {
  const pictures = frames.map(async ({ height, rgb, width }, number) => {
    const grained = Uint8Array.from(rgb, (value, at) => {
      const noise = (Math.imul(at + number * 7_919, 0x9e3779b1) >>> 24) / 255 - 0.5;
      return Math.max(0, Math.min(255, Math.round(value + GRAIN * noise)));
    });
    return sharp(grained, { raw: { width, height, channels: 3 } })
      .jpeg({ quality: QUALITY })
      .toBuffer();
  });
  await writeFile(path, Buffer.concat(await Promise.all(pictures)));
}

/** The capture command that plays it. */
export const playCommand = (path: string): string => `"${process.execPath}" "${PLAYER}" "${path}"`;
