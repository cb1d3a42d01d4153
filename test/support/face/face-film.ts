import { writeFile } from 'node:fs/promises';
import type { Frame } from '#face-model/image/frame.ts';
import type { Landmarks } from '#face-model/stages/find-landmarks.ts';

/*
 * Films for a camera that plays a file, made of one photograph: either the face moves in itself, as a living one does, or the picture moves as
 * a whole, as a print does. That the first kind passes for a living person is no mistake of a test: a film that is fed in instead of a
 * camera's pictures is not told apart (MODEL_CARD.md).
 */
export const FILM = { width: 640, height: 480, framesPerS: 10 } as const;

export interface Portrait {
  readonly frame: Frame;
  readonly landmarks: Landmarks;
}

/** Where a pixel of the new picture comes from, or the one colour that it has. */
type From = (x: number, y: number) => readonly [number, number] | 'dark' | 'paper' | 'wall';
const COLOURS = { dark: [30, 30, 30], paper: [215, 213, 208], wall: [112, 104, 96] } as const;
const ZERO = { x: 0, y: 0 };

/** Turned about the axis of a head that is a ball with a nose on it; positive to its own left. */
export function turned({ frame, landmarks }: Portrait, share: number): Frame {
  const [left = ZERO, right = ZERO, nose = ZERO] = landmarks.five;
  const eyes = Math.hypot(right.x - left.x, right.y - left.y);
  const radius = 1.2 * eyes;
  const sine = Math.sin((55 * Math.PI * share) / 180);
  const depth = (x: number, y: number): number => {
    const far = ((x - nose.x) / radius) ** 2 + ((y - nose.y) / (1.4 * radius)) ** 2;
    const bump = 0.5 * eyes * Math.exp(-((x - nose.x) ** 2 + (y - nose.y) ** 2) / (2 * (0.22 * eyes) ** 2));
    return far >= 1 ? 0 : radius * Math.sqrt(1 - far) * Math.min(1, 4 * (1 - far)) + bump;
  };
  return draw(frame, (x, y) => {
    let from = x;
    // Found step by step: how far a point moved depends on how deep the head is there.
    for (let step = 0; step < 4; step += 1) from = x - sine * (depth(from, y) - 0.6 * Math.min(radius, depth(from, y)));
    return [from, y];
  });
}

/** The lower lip and the chin go down, and between the lips it is dark. */
export function openMouthed({ frame, landmarks: { mesh } }: Portrait): Frame {
  const at = (index: number) => mesh[index] ?? ZERO;
  const [left, right, up, down] = [at(78), at(308), at(13), at(14)];
  const [width, line, middle] = [right.x - left.x, (up.y + down.y) / 2, (left.x + right.x) / 2];
  return draw(frame, (x, y) => {
    const side = (x - middle) / (0.62 * width);
    const gap = Math.abs(side) >= 1 ? 0 : 0.6 * width * (1 - side ** 2);
    if (y <= line || gap === 0) return [x, y];
    return y < line + gap ? 'dark' : [x, y - gap * Math.max(0, 1 - (y - line - gap) / (1.4 * width))];
  });
}

export function closer({ frame, landmarks }: Portrait, scale: number): Frame {
  const [, , nose = ZERO] = landmarks.five;
  return draw(frame, (x, y) => [nose.x + (x - nose.x) / scale, nose.y + (y - nose.y) / scale]);
}

export function mirrored(frame: Frame): Frame {
  return draw(frame, (x, y) => [frame.width - 1 - x, y]);
}

export interface Pose {
  /** Radians about the upright and the level axis of the sheet. */
  readonly yaw?: number;
  readonly pitch?: number;
  readonly scale?: number;
}

/** The photograph on a sheet of paper with a white edge, held before the camera: whatever is done to it is done to all of it. */
export function printed(frame: Frame, { pitch = 0, scale = 0.85, yaw = 0 }: Pose): Frame {
  const focal = 700;
  const [width, height] = [frame.width * scale, frame.height * scale];
  const right = [Math.cos(yaw), 0, -Math.sin(yaw)] as const;
  const down = [Math.sin(yaw) * Math.sin(pitch), Math.cos(pitch), Math.cos(yaw) * Math.sin(pitch)] as const;
  const normal = [
    right[1] * down[2] - right[2] * down[1],
    right[2] * down[0] - right[0] * down[2],
    right[0] * down[1] - right[1] * down[0],
  ] as const;
  const edge = 0.04;
  return draw(frame, (x, y) => {
    const ray = [x - frame.width / 2, y - frame.height / 2, focal] as const;
    const far = (normal[2] * focal) / dot(normal, ray);
    const point = [far * ray[0], far * ray[1], far * ray[2] - focal] as const;
    const [u, v] = [dot(point, right) / width + 0.5, dot(point, down) / height + 0.5];
    if (u >= 0 && u < 1 && v >= 0 && v < 1) return [u * frame.width, v * frame.height];
    return u > -edge && u < 1 + edge && v > -edge && v < 1 + edge ? 'paper' : 'wall';
  });
}

type Vector = readonly [number, number, number];
const dot = (a: Vector, b: Vector): number => a[0] * b[0] + a[1] * b[1] + a[2] * b[2];

function draw(frame: Frame, from: From): Frame {
  const { height, rgb, width } = frame;
  const out = new Uint8Array(rgb.length);
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      const source = from(x, y);
      const at = (y * width + x) * 3;
      for (let channel = 0; channel < 3; channel += 1) {
        out[at + channel] = typeof source === 'string' ? (COLOURS[source][channel] ?? 0) : bilinear(frame, source, channel);
      }
    }
  }
  return { width, height, rgb: out };
}

function bilinear({ height, rgb, width }: Frame, [x, y]: readonly [number, number], channel: number): number {
  const [cx, cy] = [Math.min(Math.max(x, 0), width - 1.001), Math.min(Math.max(y, 0), height - 1.001)];
  const [left, top] = [Math.floor(cx), Math.floor(cy)];
  const [dx, dy] = [cx - left, cy - top];
  const at = (px: number, py: number): number => rgb[(py * width + px) * 3 + channel] ?? 0;
  return (at(left, top) * (1 - dx) + at(left + 1, top) * dx) * (1 - dy) + (at(left, top + 1) * (1 - dx) + at(left + 1, top + 1) * dx) * dy;
}

/** YUV4MPEG2, 4:2:0, full range. Each picture gets some noise of its own: a camera makes no two that are equal. */
export async function writeFilm(path: string, frames: readonly Frame[]): Promise<void> {
  const { framesPerS, height, width } = FILM;
  const parts: Uint8Array[] = [Buffer.from(`YUV4MPEG2 W${width} H${height} F${framesPerS}:1 Ip A1:1 C420jpeg\n`)];
  const pictures = new Map([...new Set(frames)].map((frame) => [frame, toYuv(frame)]));
  frames.forEach((frame, number) => {
    const picture = Uint8Array.from(pictures.get(frame) ?? []);
    for (let at = 0; at < width * height; at += 1) {
      picture[at] = (picture[at] ?? 0) + ((Math.imul(at + number * 7_919, 0x9e3779b1) >>> 30) & 3);
    }
    parts.push(Buffer.from('FRAME\n'), picture);
  });
  await writeFile(path, Buffer.concat(parts));
}

/** Brightness has room for the noise. */
function toYuv({ height, rgb, width }: Frame): Uint8Array {
  const yuv = new Uint8ClampedArray((width * height * 3) / 2);
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      const at = y * width + x;
      const [r, g, b] = [rgb[at * 3] ?? 0, rgb[at * 3 + 1] ?? 0, rgb[at * 3 + 2] ?? 0];
      yuv[at] = Math.min(252, 0.299 * r + 0.587 * g + 0.114 * b);
      if (x % 2 !== 0 || y % 2 !== 0) continue;
      const chroma = width * height + (y / 2) * (width / 2) + x / 2;
      yuv[chroma] = 128 - 0.168736 * r - 0.331264 * g + 0.5 * b;
      yuv[chroma + (width * height) / 4] = 128 + 0.5 * r - 0.418688 * g - 0.081312 * b;
    }
  }
  return Uint8Array.from(yuv);
}
