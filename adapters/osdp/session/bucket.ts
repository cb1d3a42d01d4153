/** How much of something came lately, as a value: what is poured in runs out again at a steady rate. Times are monotonic milliseconds. */
export interface Bucket {
  readonly level: number;
  readonly atMs: number;
}

export interface BucketSize {
  readonly max: number;
  readonly leakPerS: number;
}

export const EMPTY_BUCKET: Bucket = { level: 0, atMs: Number.NEGATIVE_INFINITY };

/** Too much came when it runs over. What runs over is not kept, so that the bucket is as soon below its brim as it leaks. */
export function pour(
  bucket: Bucket,
  amount: number,
  nowMs: number,
  size: BucketSize,
): { readonly bucket: Bucket; readonly runsOver: boolean } {
  const level = levelAt(bucket, nowMs, size) + amount;
  return { bucket: { level: Math.min(level, size.max), atMs: nowMs }, runsOver: level > size.max };
}

/** How long until `amount` has room. 0 when it has; of more than the bucket holds, until it is empty. */
export function roomInMs(bucket: Bucket, amount: number, nowMs: number, size: BucketSize): number {
  const excess = levelAt(bucket, nowMs, size) - Math.max(0, size.max - amount);
  return Math.max(0, (excess * 1_000) / size.leakPerS);
}

function levelAt({ level, atMs }: Bucket, nowMs: number, { leakPerS }: BucketSize): number {
  return level === 0 ? 0 : Math.max(0, level - ((nowMs - atMs) * leakPerS) / 1_000);
}
