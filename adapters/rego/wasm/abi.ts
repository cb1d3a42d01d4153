/** The exports of OPA's WASM ABI 1.x that this host calls. Addresses are byte offsets into the memory; 0 = failure. */
export interface PolicyExports {
  /** Reserves bytes on the heap. */
  opa_malloc(lengthBytes: number): number;
  /** Reads JSON text into a value; 0 when it is malformed. */
  opa_json_parse(address: number, lengthBytes: number): number;
  /** Writes a value as zero-terminated JSON text. */
  opa_json_dump(value: number): number;
  /** As JSON, but sets as `{1,2}` and `set()`. */
  opa_value_dump(value: number): number;
  /** Reads what `opa_value_dump` writes; 0 when it is malformed. */
  opa_value_parse(address: number, lengthBytes: number): number;
  /** Puts a value into a document at an array of keys, making objects on the way; 0 = done. What was there is freed. */
  opa_value_add_path(document: number, path: number, value: number): number;
  /** Takes out what is at an array of keys, if there is something; 0 = done. */
  opa_value_remove_path(document: number, path: number): number;
  opa_heap_ptr_get(): number;
  /** Everything above is free again. */
  opa_heap_ptr_set(address: number): void;
  opa_eval_ctx_new(): number;
  opa_eval_ctx_set_input(context: number, value: number): void;
  opa_eval_ctx_set_data(context: number, value: number): void;
  opa_eval_ctx_set_entrypoint(context: number, id: number): void;
  opa_eval_ctx_get_result(context: number): number;
  /** 0 = evaluated. */
  eval(context: number): number;
  /** Value: name of each entrypoint -> its number. */
  entrypoints(): number;
  /** Value: name of each built-in that the host must supply -> its number. */
  builtins(): number;
}

const ABI_MAJOR = 1;
const FUNCTIONS: readonly (keyof PolicyExports)[] = [
  'opa_malloc',
  'opa_json_parse',
  'opa_json_dump',
  'opa_value_dump',
  'opa_value_parse',
  'opa_value_add_path',
  'opa_value_remove_path',
  'opa_heap_ptr_get',
  'opa_heap_ptr_set',
  'opa_eval_ctx_new',
  'opa_eval_ctx_set_input',
  'opa_eval_ctx_set_data',
  'opa_eval_ctx_set_entrypoint',
  'opa_eval_ctx_get_result',
  'eval',
  'entrypoints',
  'builtins',
];

/** @throws TypeError when the module does not speak the ABI. */
export function exportsOf(instance: WebAssembly.Instance): PolicyExports {
  const { exports } = instance;
  const version = exports['opa_wasm_abi_version'] as { readonly value?: unknown } | undefined;
  if (version?.value !== ABI_MAJOR) throw new TypeError('the policy has an unknown ABI version');
  for (const name of FUNCTIONS) {
    if (typeof exports[name] !== 'function') throw new TypeError(`the policy does not export ${name}`);
  }
  return exports as unknown as PolicyExports;
}

/** Calls the host's built-in of a number with the addresses of its arguments; answers with the address of the result, 0 = undefined. */
export type CallBuiltin = (id: number, args: readonly number[]) => number;

/** What the policy may call: the way to say that it gives up, and the host's built-ins. */
export function createImports(memory: WebAssembly.Memory, call: CallBuiltin): WebAssembly.Imports {
  const builtin = (id: number, _context: number, ...args: readonly number[]): number => call(id, args);
  return {
    env: {
      memory,
      opa_abort: (address: number): never => {
        throw new Error(`the policy aborted: ${textAt(memory, address)}`);
      },
      opa_println: () => undefined,
      opa_builtin0: builtin,
      opa_builtin1: builtin,
      opa_builtin2: builtin,
      opa_builtin3: builtin,
      opa_builtin4: builtin,
    },
  };
}

const decoder = new TextDecoder('utf-8', { fatal: true });

/** The zero-terminated UTF-8 text at an address. @throws TypeError when it is not UTF-8, RangeError when it does not end. */
export function textAt(memory: WebAssembly.Memory, address: number): string {
  const bytes = new Uint8Array(memory.buffer);
  const end = bytes.indexOf(0, address);
  if (address <= 0 || end < 0) throw new RangeError('the policy gave an address outside its memory');
  return decoder.decode(bytes.subarray(address, end));
}
