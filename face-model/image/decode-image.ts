import sharp from 'sharp';
import type { Frame } from './frame.ts';

/** Encoded size that is looked at, bytes. */
export const IMAGE_BYTES_MAX = 4 * 1024 * 1024;
/** Width times height: 8 megapixels take 24 MB as a frame. */
export const IMAGE_PIXELS_MAX = 8_388_608;
/** Smaller than this on a side holds no face that can be recognised. */
export const IMAGE_SIDE_MIN = 64;

export type ImageProblem = 'too_large' | 'too_small' | 'not_jpeg_or_png' | 'animated' | 'broken';

export type Decoded = { readonly kind: 'frame'; readonly frame: Frame } | { readonly kind: 'refused'; readonly problem: ImageProblem };

const refused = (problem: ImageProblem): Decoded => ({ kind: 'refused', problem });
const isJpeg = (bytes: Uint8Array): boolean => bytes[0] === 0xff && bytes[1] === 0xd8 && bytes[2] === 0xff;
const PNG = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];
const isPng = (bytes: Uint8Array): boolean => PNG.every((byte, i) => bytes[i] === byte);

/** JPEG or PNG to an upright frame. Never throws: whatever the bytes are, there is an answer, within the memory of IMAGE_PIXELS_MAX. */
export async function decodeImage(bytes: Uint8Array): Promise<Decoded> {
  if (bytes.length > IMAGE_BYTES_MAX) return refused('too_large');
  // Told by the first bytes: the library reads many more formats, each with its own risks.
  if (!isJpeg(bytes) && !isPng(bytes)) return refused('not_jpeg_or_png');
  try {
    const image = sharp(bytes, { limitInputPixels: IMAGE_PIXELS_MAX, failOn: 'error', pages: 1, sequentialRead: true });
    const { height, pages = 1, width } = await image.metadata();
    if (pages > 1 || hasAnimation(bytes)) return refused('animated');
    if (width * height > IMAGE_PIXELS_MAX) return refused('too_large');
    if (Math.min(width, height) < IMAGE_SIDE_MIN) return refused('too_small');
    const upright = image.autoOrient().flatten({ background: '#808080' }).toColourspace('srgb').removeAlpha();
    const { data, info } = await upright.raw({ depth: 'uchar' }).toBuffer({ resolveWithObject: true });
    if (info.channels !== 3) return refused('broken');
    return { kind: 'frame', frame: { width: info.width, height: info.height, rgb: data } };
  } catch (failure) {
    return refused(failure instanceof Error && /pixel limit/i.test(failure.message) ? 'too_large' : 'broken');
  }
}

const CHUNK_OVERHEAD_BYTES = 12;

/** An animated PNG says so in a chunk before its first picture (PNG 3rd edition, 5.6); the library shows that picture alone. */
function hasAnimation(bytes: Uint8Array): boolean {
  if (!isPng(bytes)) return false;
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let at = PNG.length; at + CHUNK_OVERHEAD_BYTES <= file.length; at += CHUNK_OVERHEAD_BYTES + file.readUInt32BE(at)) {
    const type = file.toString('latin1', at + 4, at + 8);
    if (type === 'acTL' || type === 'IDAT') return type === 'acTL';
  }
  return false;
}
