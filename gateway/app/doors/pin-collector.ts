import { PIN_LENGTH_MAX } from '../../domain/people/pin.ts';

const ASCII_ZERO = 0x30;

/**
 * Digits as they are pressed at one reader: `#` ends, `*` clears. Keeps them in one buffer of its own, which is zeroed when it ends,
 * is cleared or is forgotten. More digits than a PIN has are counted and not kept: such an entry is wrong, not cut to fit.
 */
export class PinCollector {
  readonly #digits = new Uint8Array(PIN_LENGTH_MAX);
  #pressed = 0;

  /**
   * Takes keys. Returns the digits, which the caller owns and zeroes, when `#` ends the entry; what was pressed after it is dropped.
   * An entry of too many digits ends as an empty one. Null: not ended yet. `#` alone ends nothing.
   */
  press(keys: string): Uint8Array | null {
    for (const key of keys) {
      if (key === '*') this.forget();
      else if (key === '#' && this.#pressed > 0) return this.#end();
      else if (/^[0-9]$/.test(key)) this.#add(Number(key));
    }
    return null;
  }

  forget(): void {
    this.#digits.fill(0);
    this.#pressed = 0;
  }

  #add(digit: number): void {
    if (this.#pressed < PIN_LENGTH_MAX) this.#digits[this.#pressed] = ASCII_ZERO + digit;
    // Stops counting where it no longer matters: a key that is held down for a day overflows nothing.
    this.#pressed = Math.min(this.#pressed + 1, PIN_LENGTH_MAX + 1);
  }

  #end(): Uint8Array {
    const entered = this.#pressed > PIN_LENGTH_MAX ? new Uint8Array(0) : this.#digits.slice(0, this.#pressed);
    this.forget();
    return entered;
  }
}
