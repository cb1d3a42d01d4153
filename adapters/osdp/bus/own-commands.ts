import { isSameBytes } from '../wire/same-bytes.ts';

/** An echo comes before the reply, or a few frames later where a serial server bunches them. */
export const OWN_COMMANDS_MAX = 8;

/** Tells the commands of this ACU, which it hears itself on two wires, from those of another on the line. */
export class OwnCommands {
  readonly #sent: Uint8Array[] = [];

  sent(bytes: Uint8Array): void {
    this.#sent.push(bytes);
    if (this.#sent.length > OWN_COMMANDS_MAX) this.#sent.shift();
  }

  has(bytes: Uint8Array): boolean {
    return this.#sent.some((own) => isSameBytes(own, bytes));
  }
}
