import { gunzipSync } from 'node:zlib';

const BLOCK_BYTES = 512;
const NAME_BYTES = 100;
const SIZE_FIELD = [124, 136] as const;

/** One file of a bundle as `opa build` writes it: a gzipped POSIX tar. Undefined when it is not in it. @throws RangeError beyond the limit */
export function readBundleFile(bundle: Uint8Array, name: string, bytesMax: number): Uint8Array | undefined {
  const tar = gunzipSync(bundle, { maxOutputLength: bytesMax });
  for (let at = 0; at + BLOCK_BYTES <= tar.length;) {
    const header = tar.subarray(at, at + BLOCK_BYTES);
    const path = textOf(header.subarray(0, NAME_BYTES));
    if (path === '') return undefined;
    const sizeBytes = Number.parseInt(textOf(header.subarray(...SIZE_FIELD)).trim(), 8);
    const start = at + BLOCK_BYTES;
    if (path.replace(/^\/+/, '') === name) return new Uint8Array(tar.subarray(start, start + sizeBytes));
    at = start + Math.ceil(sizeBytes / BLOCK_BYTES) * BLOCK_BYTES;
  }
  return undefined;
}

function textOf(field: Uint8Array): string {
  const end = field.indexOf(0);
  return new TextDecoder().decode(end < 0 ? field : field.subarray(0, end));
}
