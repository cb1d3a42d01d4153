import { encodeWiegand26 } from './wiegand-26.ts';
import type { SimulatedHands } from './osdp-tools.ts';
import type { InputState } from '../ports/readers.ts';

const INPUT_STATES: readonly string[] = ['inactive', 'active', 'short', 'open', 'fault', 'unknown'] satisfies InputState[];
const isInputState = (text: string): text is InputState => INPUT_STATES.includes(text);
/** As many keys as one report of a reader holds. */
export const KEYS_MAX = 255;

export const HAND_HELP = 'card 26 FACILITY NUMBER | key 1234# | tamper on|off | input N STATE | reader N (the next lines are for it)';

/** Carries out one line of a person's words at a reader; says what is wrong with it, or null. */
export function moveHand(reader: SimulatedHands, line: string): string | null {
  const [verb, ...words] = line.trim().split(/\s+/);
  if (verb === 'card') return presentCard(reader, words);
  if (verb === 'key') return pressKeys(reader, words);
  if (verb === 'tamper') return setTamper(reader, words);
  if (verb === 'input') return setInput(reader, words);
  return `not understood; it is ${HAND_HELP}`;
}

function presentCard(reader: SimulatedHands, [format, facility = '', number = '', ...rest]: readonly string[]): string | null {
  const bits =
    format === '26' && rest.length === 0 && isNumber(facility) && isNumber(number)
      ? encodeWiegand26(Number(facility), Number(number))
      : null;
  if (bits === null) return 'it is card 26 FACILITY (0 to 255) NUMBER (0 to 65535)';
  reader.presentCard(bits, 26);
  return null;
}

function pressKeys(reader: SimulatedHands, [keys = '', ...rest]: readonly string[]): string | null {
  if (rest.length > 0 || keys.length > KEYS_MAX || !/^[0-9*#]+$/.test(keys)) return `it is key and 1 to ${KEYS_MAX} digits, * and #`;
  reader.pressKeys(keys);
  return null;
}

function setTamper(reader: SimulatedHands, [state, ...rest]: readonly string[]): string | null {
  if (rest.length > 0 || (state !== 'on' && state !== 'off')) return 'it is tamper on or tamper off';
  reader.setTampered(state === 'on');
  return null;
}

function setInput(reader: SimulatedHands, [input = '', state = '', ...rest]: readonly string[]): string | null {
  if (rest.length > 0 || !isNumber(input) || !isInputState(state)) return `it is input N and one of ${INPUT_STATES.join(', ')}`;
  try {
    reader.setInput(Number(input), state);
    return null;
  } catch (failure) {
    if (failure instanceof TypeError) return `there is no input ${input}`;
    throw failure;
  }
}

function isNumber(text: string): boolean {
  return /^\d{1,5}$/.test(text);
}
