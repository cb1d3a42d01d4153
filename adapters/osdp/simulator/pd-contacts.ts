import type { InputState } from '#gateway/ports/readers.ts';
import type { Reply } from '../messages/replies.ts';

const INPUT_VALUES: { readonly [State in InputState]: number } = { inactive: 0, active: 1, short: 2, open: 3, fault: 4, unknown: 5 };

/** Of a reader that hangs on this one (osdp_RSTATR). */
export const ATTACHED_READER = { normal: 0, notConnected: 1, tampered: 2 } as const;

/** What a reader watches: supervised inputs, its own case and supply, and the readers behind it. */
export class PdContacts {
  readonly #inputs: InputState[];
  readonly #attached: number[] = [ATTACHED_READER.normal];
  readonly #tell: (event: Reply) => void;
  #tampered = false;
  #powerFailed = false;

  constructor(inputCount: number, tell: (event: Reply) => void) {
    this.#inputs = Array.from({ length: inputCount }, () => 'inactive' as const);
    this.#tell = tell;
  }

  setInput(index: number, state: InputState): void {
    if (this.#inputs[index] === undefined) throw new TypeError(`no input ${index}`);
    this.#inputs[index] = state;
    this.#tell(this.inputStatus());
  }

  setTampered(tampered: boolean): void {
    this.#tampered = tampered;
    this.#tell(this.localStatus());
  }

  setPowerFailed(powerFailed: boolean): void {
    this.#powerFailed = powerFailed;
    this.#tell(this.localStatus());
  }

  /** `status` of `ATTACHED_READER`. */
  setAttachedReader(index: number, status: number): void {
    this.#attached[index] = status;
    this.#tell(this.readerStatus());
  }

  localStatus(): Reply {
    return { name: 'LSTATR', body: { tampered: this.#tampered, powerFailed: this.#powerFailed } };
  }

  inputStatus(): Reply {
    return { name: 'ISTATR', body: { states: this.#inputs.map((state) => INPUT_VALUES[state]) } };
  }

  readerStatus(): Reply {
    return { name: 'RSTATR', body: { states: Array.from(this.#attached, (status) => status ?? ATTACHED_READER.notConnected) } };
  }
}
