/** A picture in memory: 8 bits per channel, red, green, blue, row by row. Whoever made it zeroes it. */
export interface Frame {
  readonly width: number;
  readonly height: number;
  readonly rgb: Uint8Array;
}

/** Brightness of a pixel, 0 to 255 (ITU-R BT.601). */
export function lumaAt({ rgb, width }: Frame, x: number, y: number): number {
  const at = (y * width + x) * 3;
  return 0.299 * (rgb[at] ?? 0) + 0.587 * (rgb[at + 1] ?? 0) + 0.114 * (rgb[at + 2] ?? 0);
}
