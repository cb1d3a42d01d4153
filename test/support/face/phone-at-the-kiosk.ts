import type { Page } from 'playwright-core';
import sharp from 'sharp';
import { decodeImage } from '#face-model/image/decode-image.ts';
import type { Frame } from '#face-model/image/frame.ts';
import { readCode } from '#face-model/image/read-code.ts';
import { addAuthenticator, launchConsoleBrowser, openWatchedPage } from '../console/browser.ts';
import { FILM, type Portrait } from './face-film.ts';
import { briskFilm } from './face-portrait.ts';

/** As large as a phone is; twice as many pixels. */
const PHONE = { viewport: { width: 390, height: 780 }, deviceScaleFactor: 2, reducedMotion: 'reduce' } as const;
/** Longer than a browser takes to open its camera on a busy machine; what follows fills the rest of a badge's ten seconds. */
const PHONE_FRAMES = 15;
const PICTURES_MAX = 20;

async function frameOf(picture: Uint8Array): Promise<Frame> {
  const decoded = await decodeImage(picture);
  if (decoded.kind !== 'frame') throw new TypeError(decoded.problem);
  return decoded.frame;
}

/** The link on the terminal's screen, as a phone's camera app reads it: from one of many pictures. */
export async function readKioskLink(page: Page): Promise<string> {
  const code = page.getByRole('img', { name: 'The code that takes your face to your phone' });
  for (let picture = 0; picture < PICTURES_MAX; picture += 1) {
    const bytes = readCode(await frameOf(await code.screenshot()));
    if (bytes !== null) return Buffer.from(bytes).toString('utf8');
  }
  throw new TypeError('a camera reads the code of the terminal');
}

/** A person's phone: their passkey by the enrolment's link, then the terminal's link. Returns what the phone shows to a camera. */
export async function takeFaceWithPhone(links: { readonly enrolment: string; readonly face: string }): Promise<Uint8Array> {
  const browser = await launchConsoleBrowser();
  try {
    const { complaints, page } = await openWatchedPage(await browser.newContext(PHONE));
    await addAuthenticator(page);
    await page.goto(links.enrolment);
    await page.getByRole('button', { name: 'Create passkey' }).click();
    await page.getByRole('heading', { name: 'Your passkey is ready' }).waitFor();
    await page.goto(links.face);
    await page.getByRole('button', { name: 'Continue with passkey' }).click();
    await page.getByRole('button', { name: 'Keep it on this phone' }).click();
    await page.getByRole('button', { name: 'Show it' }).click();
    const picture = await page.getByRole('img', { name: 'Your face code, for a terminal’s camera' }).screenshot();
    if (complaints.length > 0) throw new TypeError(complaints.join('\n'));
    return picture;
  } finally {
    await browser.close();
  }
}

/** The phone held to the camera, not quite level, and then the face behind it. */
export async function phoneThenFaceFilm(phone: Uint8Array, portrait: Portrait): Promise<readonly Frame[]> {
  const { height, width } = FILM;
  const side = Math.round(height * 0.8);
  const held = await sharp(await sharp(phone).resize(side, side).png().toBuffer())
    .rotate(5, { background: '#5a5550' })
    .png()
    .toBuffer();
  const scene = sharp({ create: { width, height, channels: 3, background: '#5a5550' } }).composite([{ input: held }]);
  const frame = await frameOf(
    await sharp(await scene.png().toBuffer())
      .blur(0.8)
      .png()
      .toBuffer(),
  );
  const face = briskFilm(portrait);
  return [...Array.from({ length: PHONE_FRAMES }, () => frame), ...face, ...face, ...face];
}
