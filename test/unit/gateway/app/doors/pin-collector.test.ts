import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PinCollector } from '#gateway/app/doors/pin-collector.ts';
import { PIN_LENGTH_MAX } from '#gateway/domain/people/pin.ts';

const text = (digits: Uint8Array | null): string | null => (digits === null ? null : Buffer.from(digits).toString('latin1'));

/** What the keys mean, said another way: the last clear before the first `#` with digits before it. */
function model(keys: string): string | null {
  let entry = '';
  for (const key of keys) {
    if (key === '*') entry = '';
    else if (key === '#' && entry !== '') return entry.length > PIN_LENGTH_MAX ? '' : entry;
    else if (key >= '0' && key <= '9') entry += key;
  }
  return null;
}

const key = fc.constantFrom(...'0123456789*#A ');

describe('keys at one reader', () => {
  it.each([
    ['2580#', '2580'],
    ['25#', '25'],
    ['#', null],
    ['##2580#', '2580'],
    ['99*2580#', '2580'],
    ['2580', null],
    ['12345678#', '12345678'],
    ['123456789#', ''],
    ['123456789*2580#', '2580'],
    ['25A80#', '2580'],
  ])('%s gives %s', (keys, want) => {
    expect(text(new PinCollector().press(keys))).toBe(want);
  });

  it('are the same entry however the reader splits them', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: key, maxLength: 6 }), { maxLength: 12 }), (parts) => {
        const collector = new PinCollector();
        let ended: string | null = null;
        for (const part of parts) {
          ended = text(collector.press(part));
          if (ended !== null) break;
        }
        const asOne = text(new PinCollector().press(parts.join('')));
        expect(ended).toBe(asOne);
        expect(asOne).toBe(model(parts.join('')));
      }),
    );
  });

  it('begin anew after an entry: nothing of it is left', () => {
    fc.assert(
      fc.property(fc.string({ unit: key, maxLength: 30 }), (keys) => {
        const collector = new PinCollector();
        collector.press(keys);
        collector.forget();
        expect(text(collector.press('2580#'))).toBe('2580');
        expect(text(collector.press('#'))).toBeNull();
      }),
    );
  });

  it('flood nothing: a million digits are one wrong entry', () => {
    const collector = new PinCollector();
    expect(collector.press('1'.repeat(1_000_000))).toBeNull();
    expect(text(collector.press('#'))).toBe('');
  });
});
