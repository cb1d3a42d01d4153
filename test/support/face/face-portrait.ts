import sharp from 'sharp';
import { decodeImage } from '#face-model/image/decode-image.ts';
import type { Frame } from '#face-model/image/frame.ts';
import type { FacePack } from '#face-model/pack/load-pack.ts';
import { detectFaces, type FoundFace } from '#face-model/stages/detect-faces.ts';
import { findLandmarks } from '#face-model/stages/find-landmarks.ts';
import { closer, FILM, mirrored, openMouthed, printed, turned, type Portrait } from './face-film.ts';

export interface Cut {
  /** The face nearest to this point of the photograph. */
  readonly near: readonly [number, number];
  /** Degrees by which the photograph is turned so that the eyes are level. */
  readonly uprightBy?: number;
  /** How far the head is turned so that it looks straight ahead, see `turned`. */
  readonly straightBy?: number;
}

/** Two people of the sample pictures' last one (face-pack.ts), as they are cut out of it. */
export const SAMPLE_PEOPLE = {
  first: { near: [1_569, 434], uprightBy: -13, straightBy: 0.5 },
  second: { near: [1_292, 504] },
} as const satisfies Record<string, Cut>;

/** The face fills this share of the film's height. */
const SHARE = 0.72;
const MIDDLE = [FILM.width / 2, FILM.height / 2] as const;

/** One face of a photograph, looking straight into the camera of a film. */
export async function cutPortrait(picture: Uint8Array, pack: FacePack, { near, straightBy = 0, uprightBy = 0 }: Cut): Promise<Portrait> {
  const decoded = await decodeImage(picture);
  if (decoded.kind !== 'frame') throw new Error(decoded.problem);
  const { centre, height: tall, width: wide } = await faceNear(decoded.frame, pack, near);
  const height = Math.round(Math.max(tall, wide) / SHARE);
  const width = Math.round(height * (FILM.width / FILM.height));
  // Beyond the photograph it is mirrored. Each step is a pipeline of its own: within one the library has its own order of them.
  const mirrors = { top: width, bottom: width, left: width, right: width, extendWith: 'mirror' } as const;
  const room = await sharp(picture).extend(mirrors).png().toBuffer();
  const around = { left: Math.round(centre.x), top: Math.round(centre.y), width: 2 * width, height: 2 * width };
  const upright = await sharp(await sharp(room).extract(around).png().toBuffer())
    .rotate(uprightBy, { background: '#888' })
    .png()
    .toBuffer();
  const full = await sharp(upright).metadata();
  const middle = { left: Math.round((full.width - width) / 2), top: Math.round((full.height - height) / 2), width, height };
  const cut = sharp(await sharp(upright).extract(middle).png().toBuffer());
  const rgb = await cut.resize(FILM.width, FILM.height, { fit: 'fill' }).removeAlpha().raw().toBuffer();
  const portrait = await portraitOf({ width: FILM.width, height: FILM.height, rgb }, pack);
  return straightBy === 0 ? portrait : portraitOf(turned(portrait, straightBy), pack);
}

async function portraitOf(frame: Frame, pack: FacePack): Promise<Portrait> {
  const landmarks = await findLandmarks(frame, await faceNear(frame, pack, MIDDLE), pack.models.mesh);
  if (landmarks === null) throw new Error('there is no face where one was expected');
  return { frame, landmarks };
}

async function faceNear(frame: Frame, { manifest, models }: FacePack, [x, y]: readonly [number, number]): Promise<FoundFace> {
  const off = ({ centre }: FoundFace): number => Math.hypot(centre.x - x, centre.y - y);
  const [face] = (await detectFaces(frame, models.detector, manifest.detector)).toSorted((a, b) => off(a) - off(b));
  if (face === undefined) throw new Error('the photograph shows nobody');
  return face;
}

const times = (count: number, frame: Frame): Frame[] => Array.from({ length: count }, () => frame);

/**
 * About four seconds in which the face does most of what a terminal may ask for; eyes that are painted shut stay half open to the mesh, so
 * that it never blinks.
 */
export function livingFilm(portrait: Portrait): readonly Frame[] {
  const still = portrait.frame;
  const right = turned(portrait, -1.4);
  const pause = times(4, still);
  return [
    ...times(6, still),
    ...times(6, right),
    ...pause,
    ...times(6, mirrored(right)),
    ...pause,
    ...times(6, openMouthed(portrait)),
    ...pause,
    ...times(6, closer(portrait, 1.45)),
  ];
}

/** The same in three seconds: whatever is asked for, it is done from beginning to end within the four that a look has for it. */
export function briskFilm(portrait: Portrait): readonly Frame[] {
  const still = portrait.frame;
  const right = turned(portrait, -1.4);
  const moved = [right, mirrored(right), openMouthed(portrait), closer(portrait, 1.45)];
  return moved.flatMap((frame) => [...times(3, still), ...times(4, frame)]);
}

/** The same photograph on paper, brought nearer, turned and tipped: what somebody tries with a picture. */
export function printedFilm({ frame }: Portrait): readonly Frame[] {
  const sway = [0.5, 0.8, 0.5];
  const still = times(6, printed(frame, {}));
  return [
    ...still,
    ...sway.flatMap((yaw) => times(2, printed(frame, { yaw }))),
    ...still,
    ...sway.flatMap((yaw) => times(2, printed(frame, { yaw: -yaw }))),
    ...still,
    ...sway.flatMap((pitch) => times(2, printed(frame, { pitch }))),
    ...times(6, printed(frame, { scale: 1.2 })),
  ];
}
