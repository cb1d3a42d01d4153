import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { readBundleFile } from '#adapters/rego-toolchain/opa-bundle.ts';

const BLOCK = 512;
const LIMIT = 64 * 1024;

function entry(name: string, content: string): Buffer {
  const header = Buffer.alloc(BLOCK);
  header.write(name, 0, 100, 'utf8');
  header.write(Buffer.byteLength(content).toString(8).padStart(11, '0'), 124, 11, 'ascii');
  const body = Buffer.alloc(Math.ceil(Buffer.byteLength(content) / BLOCK) * BLOCK);
  body.write(content);
  return Buffer.concat([header, body]);
}

const bundle = (...entries: readonly Buffer[]): Uint8Array => gzipSync(Buffer.concat([...entries, Buffer.alloc(2 * BLOCK)]));
const read = (from: Uint8Array, name: string): string | undefined => {
  const bytes = readBundleFile(from, name, LIMIT);
  return bytes === undefined ? undefined : Buffer.from(bytes).toString('utf8');
};

describe('readBundleFile', () => {
  const three = bundle(entry('/data.json', '{}'), entry('/policy.wasm', 'x'.repeat(BLOCK)), entry('plan.json', '{"a":1}'));

  it.each([
    ['data.json', '{}'],
    ['policy.wasm', 'x'.repeat(BLOCK)],
    ['plan.json', '{"a":1}'],
  ])('finds %s, with or without a slash in front', (name, content) => {
    expect(read(three, name)).toBe(content);
  });

  it('gives nothing for a file that is not in it, and for an empty archive', () => {
    expect(read(three, 'policy')).toBeUndefined();
    expect(read(bundle(), 'plan.json')).toBeUndefined();
  });

  it('reads an empty file', () => {
    expect(read(bundle(entry('a', ''), entry('b', 'c')), 'a')).toBe('');
  });

  it('unpacks as many bytes as allowed and not one more', () => {
    const tar = bundle(entry('a', 'b'));
    expect(readBundleFile(tar, 'a', 4 * BLOCK)).toBeDefined();
    expect(() => readBundleFile(tar, 'a', 4 * BLOCK - 1)).toThrow(RangeError);
  });

  it('gives nothing for an archive that ends in the middle of a header', () => {
    expect(read(gzipSync(entry('a', 'b').subarray(0, BLOCK - 1)), 'a')).toBeUndefined();
  });

  it('throws for what is no gzip', () => {
    expect(() => readBundleFile(Buffer.from('no archive'), 'a', LIMIT)).toThrow();
  });
});
