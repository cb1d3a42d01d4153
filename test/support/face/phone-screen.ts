import { encodeQR } from 'qr';
import sharp from 'sharp';

const PICTURE = { width: 640, height: 480 } as const;
const MODULE_PX = 8;

export interface Held {
  /** Of the picture's height that the code takes with its margin. */
  readonly share?: number;
  readonly turnDegrees?: number;
  /** Standard deviation of the blur, pixels. */
  readonly blurPx?: number;
}

/** A phone before a camera of 640 x 480, as a JPEG: the code bright, not quite level, and a little out of focus. */
export async function phoneScreen(
  code: Uint8Array,
  { blurPx = 0.8, share = 0.8, turnDegrees = 6 }: Held = {},
): Promise<Uint8Array<ArrayBuffer>> {
  const textEncoder = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text, 'latin1'));
  const options = { ecc: 'low', encoding: 'byte', border: 4, textEncoder } as const;
  const rows = encodeQR(Buffer.from(code).toString('latin1'), 'raw', options);
  const side = rows.length;
  const modules = Uint8Array.from(rows.flatMap((row) => row.map((isDark) => (isDark ? 25 : 240))));
  const square = { width: side, height: side, channels: 1 } as const;
  const large = sharp(modules, { raw: square }).resize(side * MODULE_PX, side * MODULE_PX, { kernel: 'nearest' });
  const turned = await sharp(await large.png().toBuffer())
    .rotate(turnDegrees, { background: '#5a5550' })
    .png()
    .toBuffer();
  const px = Math.round(PICTURE.height * share);
  const held = await sharp(turned).resize(px, px).png().toBuffer();
  const scene = sharp({ create: { ...PICTURE, channels: 3, background: '#5a5550' } }).composite([{ input: held }]);
  return Uint8Array.from(
    await sharp(await scene.png().toBuffer())
      .blur(blurPx)
      .jpeg({ quality: 90 })
      .toBuffer(),
  );
}
