import type { Builtin } from '../builtins/builtin.ts';
import { parseLiteral, toLiteral } from '../values/literal.ts';
import { textAt, type CallBuiltin, type PolicyExports } from './abi.ts';

/** The host's built-ins as a policy numbers them. @throws TypeError for one that this host does not have */
export function numberedBuiltins(
  numbers: Readonly<Record<string, unknown>>,
  builtins: Readonly<Record<string, Builtin>>,
): ReadonlyMap<number, Builtin> {
  return new Map(
    Object.entries(numbers).map(([name, id]) => {
      const builtin = Object.hasOwn(builtins, name) ? builtins[name] : undefined;
      if (builtin === undefined || typeof id !== 'number')
        throw new TypeError(`the policy needs the built-in ${name}, which this host does not have`);
      return [id, builtin];
    }),
  );
}

const encoder = new TextEncoder();

/** Values cross as text: arguments as the policy writes them, the result as it reads them. Nothing else is shared. */
export function createCallBuiltin(
  memory: WebAssembly.Memory,
  exportsNow: () => PolicyExports,
  builtins: () => ReadonlyMap<number, Builtin>,
): CallBuiltin {
  return (id, args) => {
    const builtin = builtins().get(id);
    if (builtin === undefined) throw new TypeError(`the policy called host built-in ${String(id)}`);
    const exports = exportsNow();
    const result = builtin(...args.map((address) => parseLiteral(textAt(memory, exports.opa_value_dump(address)))));
    if (result === undefined) return 0;
    const text = encoder.encode(toLiteral(result));
    const address = exports.opa_malloc(text.length);
    new Uint8Array(memory.buffer).set(text, address);
    const value = exports.opa_value_parse(address, text.length);
    if (value === 0) throw new TypeError('the policy cannot read the result of a host built-in');
    return value;
  };
}
