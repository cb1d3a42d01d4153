import type { Operand } from './plan-schema.ts';

/** The constant that holds a string of the plan. */
export const textName = (number: number): string => `t${String(number)}`;
/** The constant that holds a built-in of the plan. */
export const builtinName = (number: number): string => `u${String(number)}`;

/** Lines of one generated function with its labels and locals. */
export class SourceWriter {
  readonly #lines: string[] = [];
  readonly #labels: string[] = [];
  readonly #locals = new Set<number>();
  #names = 0;

  line(text: string): void {
    this.#lines.push(text);
  }

  /** The variable of a local, declared once at the top of the function. */
  local(number: number): string {
    this.#locals.add(number);
    return `l${String(number)}`;
  }

  /** Undefined locals stay undefined, as compiled policies expect. */
  operand(operand: Operand): string {
    if (operand.type === 'local') return this.local(operand.value);
    return operand.type === 'bool' ? String(operand.value) : textName(operand.value);
  }

  fresh(prefix: string): string {
    this.#names += 1;
    return `${prefix}${String(this.#names)}`;
  }

  /** Jumps out of the nth block around this place, 0 being the one it is in; out of the function when there is none. */
  leave(depth = 0): string {
    return this.#labels.at(-1 - depth) ?? 'return undefined;';
  }

  /** A level that a jump leaves with `jump`. */
  within(jump: string, write: () => void): void {
    this.#labels.push(jump);
    write();
    this.#labels.pop();
  }

  block(write: () => void): void {
    const label = this.fresh('b');
    this.line(`${label}: {`);
    this.within(`break ${label};`, write);
    this.line('}');
  }

  body(parameters: readonly number[]): string {
    const own = [...this.#locals].filter((number) => !parameters.includes(number));
    const declared = own.length === 0 ? '' : `let ${own.map((number) => `l${String(number)}`).join(', ')};\n`;
    return declared + this.#lines.join('\n');
  }
}
