import { describe, expect, it } from 'vitest';
import { withMemoryMaximum } from '#adapters/rego-toolchain/memory-limit.ts';

const HEADER = [0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00];
/** (memory 2) exported as "m". */
const EXPORT = [0x07, 0x05, 0x01, 0x01, 0x6d, 0x02, 0x00];
const MODULE = Uint8Array.of(...HEADER, 0x05, 0x03, 0x01, 0x00, 0x02, ...EXPORT);

function memoryOf(module: Uint8Array): WebAssembly.Memory {
  return new WebAssembly.Instance(new WebAssembly.Module(module)).exports['m'] as WebAssembly.Memory;
}

describe('withMemoryMaximum', () => {
  it('lets the memory grow to the maximum and not a page further', () => {
    const memory = memoryOf(withMemoryMaximum(MODULE, 300));
    expect(memory.grow(298)).toBe(2);
    expect(() => memory.grow(1)).toThrow(RangeError);
  });

  it('leaves the given bytes untouched', () => {
    const before = MODULE.slice();
    withMemoryMaximum(MODULE, 3);
    expect(MODULE).toEqual(before);
  });

  it('replaces a maximum that the module states itself', () => {
    const stated = Uint8Array.of(...HEADER, 0x05, 0x04, 0x01, 0x01, 0x02, 0x09, ...EXPORT);
    expect(() => memoryOf(withMemoryMaximum(stated, 4)).grow(3)).toThrow(RangeError);
  });

  it('refuses a module that starts above the maximum', () => {
    expect(() => withMemoryMaximum(MODULE, 1)).toThrow(TypeError);
  });

  it('refuses a module without a memory of its own', () => {
    expect(() => withMemoryMaximum(Uint8Array.from(HEADER), 10)).toThrow(TypeError);
  });

  it('refuses every truncation of the memory section', () => {
    for (let length = HEADER.length + 1; length < HEADER.length + 5; length += 1) {
      expect(() => withMemoryMaximum(MODULE.subarray(0, length), 10)).toThrow(TypeError);
    }
  });
});
