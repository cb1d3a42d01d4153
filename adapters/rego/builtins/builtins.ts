import type { Builtin } from './builtin.ts';
import { collectionBuiltins } from './collections.ts';
import { comparisonBuiltins } from './comparison.ts';
import { encodingBuiltins } from './encodings.ts';
import { hostBuiltins } from './host/host-builtins.ts';
import { networkBuiltins } from './networks.ts';
import { numberBuiltins } from './numbers.ts';
import { objectBuiltins } from './objects.ts';
import { regexBuiltins } from './regex.ts';
import { stringBuiltins } from './strings.ts';

/** Every built-in of the plan engine by its name in Rego's plan: those which WASM has of its own, and the host's. */
export const builtins: ReadonlyMap<string, Builtin> = new Map(
  Object.entries({
    ...comparisonBuiltins,
    ...collectionBuiltins,
    ...numberBuiltins,
    ...objectBuiltins,
    ...stringBuiltins,
    ...encodingBuiltins,
    ...networkBuiltins,
    ...regexBuiltins,
    ...hostBuiltins,
  }),
);
