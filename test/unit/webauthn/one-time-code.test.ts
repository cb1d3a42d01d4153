import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Random } from '#gateway/ports/random.ts';
import { makeCode, readCode, spellCode } from '#gateway/webauthn/one-time-code.ts';

const drawing = (bytes: Uint8Array): Random => ({ bytes: () => bytes, id: () => '' });
const tenBytes = fc.uint8Array({ minLength: 10, maxLength: 10 });

describe('a typed one-time code', () => {
  it('is made of all 80 bits: other bytes, another code', () => {
    fc.assert(
      fc.property(tenBytes, tenBytes, (left, right) => {
        const isSame = Buffer.from(left).equals(Buffer.from(right));
        expect(makeCode(drawing(left)) === makeCode(drawing(right))).toBe(isSame);
      }),
    );
  });

  it('is read as it was made, however it is typed', () => {
    fc.assert(
      fc.property(tenBytes, (bytes) => {
        const code = makeCode(drawing(bytes));
        expect(code).toMatch(/^[0-9A-HJKMNP-TV-Z]{16}$/);
        const typed = spellCode(code).toLowerCase().replaceAll('0', 'o').replaceAll('1', 'l').replaceAll('-', ' - ');
        expect(readCode(typed)).toBe(code);
      }),
    );
  });

  it('is told from the token of a link, and from anything else, without a throw', () => {
    expect(readCode('ABCD-EFGH-JKMN-PQR')).toBeNull();
    expect(readCode('ABCD-EFGH-JKMN-PQRST')).toBeNull();
    expect(readCode('ABCD-EFGH-JKMN-PQRU')).toBeNull();
    expect(readCode(Buffer.alloc(32).toString('base64url'))).toBeNull();
    fc.assert(fc.property(fc.string({ maxLength: 200 }), (text) => void readCode(text)));
  });
});
