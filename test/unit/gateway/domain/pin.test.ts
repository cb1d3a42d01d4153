import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  afterWrongPin,
  isPinLocked,
  noPinAttempts,
  PIN_LOCK_STEPS_MS,
  PIN_QUIET_MS,
  PIN_WINDOW_MS,
  PIN_WRONG_MAX,
  pinAttemptsLeft,
  type PinAttempts,
} from '#gateway/domain/people/pin.ts';
import { findDuressProblem, findPinProblem } from '#gateway/domain/people/pin-rules.ts';
import type { PersonId, ReaderId } from '#gateway/domain/site/ids.ts';

const NOW_MS = 1_700_000_000_000;
const fresh = noPinAttempts('person_ann' as PersonId, 'reader_1' as ReaderId);
const wrong = (times: number, attempts: PinAttempts = fresh, nowMs = NOW_MS): PinAttempts =>
  Array.from({ length: times }).reduce<PinAttempts>((kept) => afterWrongPin(kept, nowMs), attempts);

describe('wrong PINs of one person at one reader', () => {
  it('lock at the last attempt, not one earlier', () => {
    expect(pinAttemptsLeft(wrong(PIN_WRONG_MAX - 1), NOW_MS)).toBe(1);
    expect(isPinLocked(wrong(PIN_WRONG_MAX - 1), NOW_MS)).toBe(false);
    expect(pinAttemptsLeft(wrong(PIN_WRONG_MAX), NOW_MS)).toBe(0);
  });

  it('count within the window only', () => {
    const old = wrong(PIN_WRONG_MAX - 1);
    expect(isPinLocked(wrong(1, old, NOW_MS + PIN_WINDOW_MS - 1), NOW_MS + PIN_WINDOW_MS - 1)).toBe(true);
    expect(isPinLocked(wrong(1, old, NOW_MS + PIN_WINDOW_MS), NOW_MS + PIN_WINDOW_MS)).toBe(false);
  });

  it('lock for a time that ends by itself, exactly then', () => {
    const locked = wrong(PIN_WRONG_MAX);
    const endMs = NOW_MS + PIN_LOCK_STEPS_MS[0];
    expect(isPinLocked(locked, endMs - 1)).toBe(true);
    expect(pinAttemptsLeft(locked, endMs)).toBe(PIN_WRONG_MAX);
  });

  it('change nothing while it is locked: nobody makes the lock longer', () => {
    const locked = wrong(PIN_WRONG_MAX);
    expect(wrong(100, locked, NOW_MS + 1)).toEqual(locked);
  });

  it('lock longer each time in a row, up to the longest, and short again after a quiet day', () => {
    let attempts = fresh;
    let nowMs = NOW_MS;
    const lasted: number[] = [];
    for (let lock = 0; lock < PIN_LOCK_STEPS_MS.length + 1; lock += 1) {
      attempts = wrong(PIN_WRONG_MAX, attempts, nowMs);
      lasted.push(attempts.lockedUntilMs - nowMs);
      nowMs = attempts.lockedUntilMs;
    }
    expect(lasted).toEqual([...PIN_LOCK_STEPS_MS, PIN_LOCK_STEPS_MS.at(-1)]);
    const later = wrong(PIN_WRONG_MAX, attempts, nowMs + PIN_QUIET_MS);
    expect(later.lockedUntilMs - nowMs - PIN_QUIET_MS).toBe(PIN_LOCK_STEPS_MS[0]);
  });

  it('never lock for longer than the longest step, also when the clock is set back', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -10_000_000_000, max: 10_000_000_000 }), { maxLength: 40 }), (steps) => {
        let attempts = fresh;
        let nowMs = NOW_MS;
        for (const step of steps) {
          nowMs = Math.max(1, nowMs + step);
          attempts = afterWrongPin(attempts, nowMs);
          expect(attempts.wrongAtMs.length).toBeLessThan(PIN_WRONG_MAX);
          expect(isPinLocked(attempts, nowMs + (PIN_LOCK_STEPS_MS.at(-1) ?? 0))).toBe(false);
        }
      }),
    );
  });
});

describe('a PIN', () => {
  it.each(['2580', '71936', '482915', '90317452'])('%s may be used', (pin) => expect(findPinProblem(pin)).toBeNull());

  it.each([
    ['123', 'length'],
    ['123456789', 'length'],
    ['12a4', 'length'],
    ['', 'length'],
    ['0000', 'repeated'],
    ['2727', 'repeated'],
    ['482482', 'repeated'],
    ['1234', 'counting'],
    ['7890', 'counting'],
    ['9876', 'counting'],
    ['2468', 'counting'],
    ['3112', 'date'],
    ['1225', 'date'],
    ['1984', 'date'],
    ['240784', 'date'],
    ['840724', 'date'],
    ['24071984', 'date'],
    ['19840724', 'date'],
  ])('%s is refused: %s', (pin, problem) => expect(findPinProblem(pin)).toBe(problem));
});

describe('a duress PIN', () => {
  it.each([
    ['5806', '6194', null],
    ['5806', '5806', 'same_as_pin'],
    ['5806', '5860', 'near_pin'],
    ['5806', '8506', 'near_pin'],
    ['5806', '5807', 'near_pin'],
    ['5806', '58067', 'near_pin'],
    ['58067', '5806', 'near_pin'],
    ['5806', '1111', 'repeated'],
    ['5806', '580691', null],
  ])('for %s: %s is %s', (pin, duress, problem) => expect(findDuressProblem(pin, duress)).toBe(problem));

  it('is never one slip of the finger from the PIN', () => {
    const digits = fc.string({ unit: fc.constantFrom(...'0123456789'), minLength: 4, maxLength: 8 });
    fc.assert(
      fc.property(digits, fc.nat(), fc.constantFrom(...'0123456789'), (pin, at, digit) => {
        const index = at % pin.length;
        const changed = pin.slice(0, index) + digit + pin.slice(index + 1);
        expect(findDuressProblem(pin, changed)).not.toBeNull();
        const neighbour = pin[index + 1] ?? '';
        const swapped = pin.slice(0, index) + neighbour + (pin[index] ?? '') + pin.slice(index + 2);
        expect(findDuressProblem(pin, swapped)).not.toBeNull();
      }),
    );
  });
});
