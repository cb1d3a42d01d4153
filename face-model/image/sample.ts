import type { Similarity } from '../geometry/similarity.ts';
import type { Frame } from './frame.ts';

/** How a model wants its pixels: value = (byte - mean) / deviation. */
export interface PixelFormat {
  readonly size: number;
  readonly order: 'rgb' | 'bgr';
  readonly layout: 'nhwc' | 'nchw';
  readonly mean: number;
  readonly deviation: number;
}

/** Points per side that are averaged into one pixel where the frame is finer than the tensor: without them fine texture becomes noise. */
const POINTS_PER_SIDE_MAX = 4;

/**
 * A square tensor out of a frame: each of its pixels is the mean of the frame where `toFrame` maps it to. Beyond the frame everything is
 * black, as at the edges of a letter box.
 */
export function sampleFrame(frame: Frame, toFrame: Similarity, format: PixelFormat): Float32Array {
  const { size } = format;
  const tensor = new Float32Array(3 * size * size);
  const [pixelStep, channelStep] = format.layout === 'nhwc' ? [3, 1] : [1, size * size];
  const [red, green, blue] = format.order === 'rgb' ? [0, channelStep, 2 * channelStep] : [2 * channelStep, channelStep, 0];
  const { a, b, tx, ty } = toFrame;
  const scale = 1 / format.deviation;
  const points = Math.min(POINTS_PER_SIDE_MAX, Math.max(1, Math.round(Math.hypot(a, b))));
  const pixel = new Float64Array(3);
  for (let v = 0; v < size; v += 1) {
    for (let u = 0; u < size; u += 1) {
      pixel.fill(0);
      for (let point = 0; point < points * points; point += 1) {
        const [du, dv] = [((point % points) + 0.5) / points - 0.5, (Math.floor(point / points) + 0.5) / points - 0.5];
        addBetween(frame, a * (u + du) - b * (v + dv) + tx, b * (u + du) + a * (v + dv) + ty, pixel);
      }
      const at = (v * size + u) * pixelStep;
      tensor[at + red] = ((pixel[0] ?? 0) / (points * points) - format.mean) * scale;
      tensor[at + green] = ((pixel[1] ?? 0) / (points * points) - format.mean) * scale;
      tensor[at + blue] = ((pixel[2] ?? 0) / (points * points) - format.mean) * scale;
    }
  }
  return tensor;
}

/** Bilinear; adds to `pixel`, since this runs some hundred thousand times a second. */
function addBetween({ height, rgb, width }: Frame, x: number, y: number, pixel: Float64Array): void {
  const [left, top] = [Math.floor(x), Math.floor(y)];
  const [right, down] = [x - left, y - top];
  for (let corner = 0; corner < 4; corner += 1) {
    const [cx, cy] = [left + (corner & 1), top + (corner >> 1)];
    if (cx < 0 || cy < 0 || cx >= width || cy >= height) continue;
    const weight = (corner & 1 ? right : 1 - right) * (corner >> 1 ? down : 1 - down);
    const at = (cy * width + cx) * 3;
    pixel[0] = (pixel[0] ?? 0) + weight * (rgb[at] ?? 0);
    pixel[1] = (pixel[1] ?? 0) + weight * (rgb[at + 1] ?? 0);
    pixel[2] = (pixel[2] ?? 0) + weight * (rgb[at + 2] ?? 0);
  }
}
