import { describe, expect, it } from 'vitest';
import { createSystemRandom } from '#adapters/crypto/system-random.ts';

describe('createSystemRandom', () => {
  const random = createSystemRandom();

  it('makes ids of a prefix and 128 bits in base32', () => {
    expect(random.id('decision')).toMatch(/^decision_[a-z2-7]{26}$/);
    expect(new Set(Array.from({ length: 1_000 }, () => random.id('x'))).size).toBe(1_000);
  });

  it('gives as many bytes as asked, in memory of their own', () => {
    const bytes = random.bytes(32);
    expect(bytes).toHaveLength(32);
    expect(bytes.buffer.byteLength).toBe(32);
    expect(random.bytes(0)).toHaveLength(0);
  });
});
