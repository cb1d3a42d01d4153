import { PIN_LENGTH_MAX, PIN_LENGTH_MIN } from './pin.ts';

export type PinProblem = 'length' | 'repeated' | 'counting' | 'date' | 'same_as_pin' | 'near_pin';

const PIN_TEXT = new RegExp(`^[0-9]{${PIN_LENGTH_MIN},${PIN_LENGTH_MAX}}$`);

/** Why a PIN is among the first that anybody tries; null = it may be used. */
export function findPinProblem(pin: string): PinProblem | null {
  if (!PIN_TEXT.test(pin)) return 'length';
  if (isRepeated(pin)) return 'repeated';
  if (isCounting(pin)) return 'counting';
  return isDate(pin) ? 'date' : null;
}

/**
 * Why two PINs may not be the pair: a slip of the finger on one must not be the other, since that would call for help silently, or
 * fail to.
 */
export function findDuressProblem(pin: string, duressPin: string): PinProblem | null {
  const problem = findPinProblem(duressPin);
  if (problem !== null) return problem;
  if (duressPin === pin) return 'same_as_pin';
  return isOneSlipFrom(pin, duressPin) ? 'near_pin' : null;
}

/** 1111, 1212, 123123. */
function isRepeated(pin: string): boolean {
  for (let period = 1; period <= pin.length / 2; period += 1) {
    if (pin.length % period === 0 && pin === pin.slice(0, period).repeat(pin.length / period)) return true;
  }
  return false;
}

/** 1234, 7890, 4321, 2468: the same step from digit to digit. */
function isCounting(pin: string): boolean {
  const digits = Array.from(pin, Number);
  const steps = digits.slice(1).map((digit, index) => (digit - (digits[index] ?? 0) + 10) % 10);
  return steps.every((step) => step === steps[0]) && [1, 2, 8, 9].includes(steps[0] ?? 0);
}

/** A day of the year, a year, or a birthday in any usual order. */
function isDate(pin: string): boolean {
  const at = (from: number, length = 2): number => Number(pin.slice(from, from + length));
  const isDay = (a: number, b: number): boolean => (isIn(a, 31) && isIn(b, 12)) || (isIn(a, 12) && isIn(b, 31));
  const isYear = (year: number): boolean => year >= 1900 && year <= 2039;
  if (pin.length === 4) return isDay(at(0), at(2)) || isYear(at(0, 4));
  if (pin.length === 6) return isDay(at(0), at(2)) || isDay(at(2), at(4));
  return pin.length === 8 && ((isDay(at(0), at(2)) && isYear(at(4, 4))) || (isYear(at(0, 4)) && isDay(at(4), at(6))));
}

const isIn = (value: number, max: number): boolean => value >= 1 && value <= max;

/** One digit changed, left out or added, or two neighbours swapped. */
function isOneSlipFrom(a: string, b: string): boolean {
  const [short, long] = a.length <= b.length ? [a, b] : [b, a];
  if (long.length - short.length > 1) return false;
  let same = 0;
  while (same < short.length && short[same] === long[same]) same += 1;
  if (long.length > short.length) return short.slice(same) === long.slice(same + 1);
  const isSwap = short[same] === long[same + 1] && short[same + 1] === long[same] && short.slice(same + 2) === long.slice(same + 2);
  return isSwap || short.slice(same + 1) === long.slice(same + 1);
}
