import type { RegoValue } from '../values/rego-value.ts';

/** A built-in function. Undefined is Rego's undefined: also what a wrong argument gives. Never throws, reads no clock and does no I/O. */
export type Builtin = (...args: readonly RegoValue[]) => RegoValue | undefined;
