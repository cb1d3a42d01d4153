import type { Builtin } from './builtin.ts';
import { collectionBuiltins } from './collections.ts';
import { comparisonBuiltins } from './comparison.ts';
import { objectBuiltins } from './objects.ts';
import { stringBuiltins } from './strings.ts';

/** Every built-in of the plan engine by its name in Rego's plan. */
export const builtins: ReadonlyMap<string, Builtin> = new Map(
  Object.entries({ ...comparisonBuiltins, ...collectionBuiltins, ...objectBuiltins, ...stringBuiltins }),
);
