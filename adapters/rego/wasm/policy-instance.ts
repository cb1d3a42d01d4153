import type { Builtin } from '../builtins/builtin.ts';
import { hostBuiltins } from '../builtins/host/host-builtins.ts';
import { createImports, exportsOf, textAt, type PolicyExports } from './abi.ts';
import { createCallBuiltin, numberedBuiltins } from './host-calls.ts';

const PAGE_BYTES = 64 * 1024;
const OBJECT_BEGIN = 0x7b;
const OBJECT_END = 0x7d;
const HEAP_ALIGNMENT_BYTES = 8;
/** The module's own tables and stack, and what the smallest data document takes. */
const BASE_PAGES = 16;
/** Measured: OPA's values take about eleven times the bytes of their JSON. Memory that grows page by page loads 10 MB in up to 21 s. */
const DATA_MEMORY_FACTOR = 12;

/** Larger inputs are refused: a decision costs by the bytes of its input. */
export const INPUT_BYTES_MAX = 64 * 1024;
export const DATA_BYTES_MAX = 64 * 1024 * 1024;
/**
 * What one evaluation may take beyond its data, in pages of 64 KiB. Nothing is freed inside an evaluation and there is no timer
 * that could end it, so that this is what stops a policy that loops.
 */
export const EVALUATION_PAGES_MAX = 256;

export interface PolicyInstanceOptions {
  readonly module: WebAssembly.Module;
  /** Name of the entrypoint, such as `gatehouse/access/decision`. */
  readonly entrypoint: string;
  /** UTF-8 JSON. */
  readonly dataJson: Uint8Array;
  readonly evaluationPagesMax: number;
}

/**
 * One policy with one data document. Memory below the heap start holds the module and the data and never changes; every
 * evaluation starts there anew, so that nothing of one decision is left for the next.
 */
export class PolicyInstance {
  readonly #memory: WebAssembly.Memory;
  readonly #exports: PolicyExports;
  readonly #data: number;
  readonly #entrypoint: number;
  #heapStart: number;

  /** @throws Error when the module, its entrypoint or the data cannot be used. */
  constructor({ module, entrypoint, dataJson, evaluationPagesMax }: PolicyInstanceOptions) {
    if (dataJson.length > DATA_BYTES_MAX) throw new RangeError('the data document is too large');
    const initial = BASE_PAGES + Math.ceil((dataJson.length * DATA_MEMORY_FACTOR) / PAGE_BYTES);
    this.#memory = new WebAssembly.Memory({ initial, maximum: initial + evaluationPagesMax });
    let builtins: ReadonlyMap<number, Builtin> = new Map();
    const call = createCallBuiltin(
      this.#memory,
      () => this.#exports,
      () => builtins,
    );
    this.#exports = exportsOf(new WebAssembly.Instance(module, createImports(this.#memory, call)));
    builtins = numberedBuiltins(this.#namesIn(this.#exports.builtins()), hostBuiltins);
    const id = this.#namesIn(this.#exports.entrypoints())[entrypoint];
    if (typeof id !== 'number') throw new TypeError(`the policy has no entrypoint ${entrypoint}`);
    this.#entrypoint = id;
    this.#data = this.#parse(this.#exports.opa_malloc(dataJson.length), dataJson);
    this.#heapStart = aligned(this.#exports.opa_heap_ptr_get());
  }

  /** The entrypoint's value as JSON, `undefined` when it has none. Throws Error for everything that goes wrong. */
  evaluate(inputJson: Uint8Array): unknown {
    if (inputJson.length > INPUT_BYTES_MAX) throw new RangeError('the input is too large');
    // OPA's parser stops after the first value and takes anything for input, nothing included.
    if (inputJson[0] !== OBJECT_BEGIN || inputJson.at(-1) !== OBJECT_END) throw new TypeError('the input is no JSON object');
    const exports = this.#exports;
    this.#reserve(this.#heapStart + inputJson.length);
    exports.opa_heap_ptr_set(aligned(this.#heapStart + inputJson.length));
    const input = this.#parse(this.#heapStart, inputJson);
    const context = exports.opa_eval_ctx_new();
    exports.opa_eval_ctx_set_input(context, input);
    exports.opa_eval_ctx_set_data(context, this.#data);
    exports.opa_eval_ctx_set_entrypoint(context, this.#entrypoint);
    if (exports.eval(context) !== 0) throw new Error('the policy was not evaluated');
    const answers: unknown = JSON.parse(textAt(this.#memory, exports.opa_json_dump(exports.opa_eval_ctx_get_result(context))));
    if (!Array.isArray(answers) || answers.length > 1) throw new TypeError('the policy gave no single answer');
    return (answers[0] as { readonly result?: unknown } | undefined)?.result;
  }

  /**
   * Changes the data in place: puts a JSON value at a path of keys, or takes out what is there when there is no value. The bytes it
   * takes are never given back. Throws Error and leaves the data in an unknown state when the policy cannot do it.
   */
  patch(pathJson: Uint8Array, valueJson: Uint8Array | undefined): void {
    const exports = this.#exports;
    const bytes = pathJson.length + (valueJson?.length ?? 0) + 2 * HEAP_ALIGNMENT_BYTES;
    this.#reserve(this.#heapStart + bytes);
    exports.opa_heap_ptr_set(this.#heapStart);
    const path = this.#parse(exports.opa_malloc(pathJson.length), pathJson);
    const failed =
      valueJson === undefined
        ? exports.opa_value_remove_path(this.#data, path)
        : exports.opa_value_add_path(this.#data, path, this.#parse(exports.opa_malloc(valueJson.length), valueJson));
    if (failed !== 0) throw new TypeError('the data cannot be changed at this path');
    this.#heapStart = aligned(exports.opa_heap_ptr_get());
  }

  /** OPA reads malformed text without a word and would evaluate as if there were no input. */
  #parse(address: number, json: Uint8Array): number {
    new Uint8Array(this.#memory.buffer).set(json, address);
    const value = this.#exports.opa_json_parse(address, json.length);
    if (value === 0) throw new TypeError('malformed JSON');
    return value;
  }

  #reserve(endAddress: number): void {
    const missingBytes = endAddress - this.#memory.buffer.byteLength;
    if (missingBytes > 0) this.#memory.grow(Math.ceil(missingBytes / PAGE_BYTES));
  }

  #namesIn(value: number): Readonly<Record<string, unknown>> {
    return JSON.parse(textAt(this.#memory, this.#exports.opa_json_dump(value))) as Readonly<Record<string, unknown>>;
  }
}

function aligned(address: number): number {
  return Math.ceil(address / HEAP_ALIGNMENT_BYTES) * HEAP_ALIGNMENT_BYTES;
}
