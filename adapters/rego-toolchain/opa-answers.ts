import { z } from 'zod';
import { tryParse } from '#gateway/domain/try-parse.ts';
import type { RegoProblem } from '#gateway/ports/rego-toolchain.ts';

const location = z.object({ file: z.string().default(''), row: z.int().default(0), col: z.int().default(0) });
const errorsSchema = z.object({
  errors: z.array(z.object({ message: z.string(), code: z.string().default('rego_compile_error'), location: location.optional() })),
});

export const testsSchema = z.array(
  z.object({
    location,
    package: z.string(),
    name: z.string(),
    fail: z.boolean().default(false),
    skip: z.boolean().default(false),
    error: z.object({ message: z.string() }).optional(),
  }),
);

const range = z.object({ start: z.object({ row: z.int() }), end: z.object({ row: z.int() }) });
export const coverageSchema = z.object({
  coverage: z.object({
    files: z.record(z.string(), z.object({ covered: z.array(range).default([]), not_covered: z.array(range).default([]) })).default({}),
  }),
});

export const evaluationSchema = z.object({
  result: z.array(z.object({ expressions: z.array(z.object({ value: z.unknown() })) })).default([]),
  explanation: z.array(z.object({ Op: z.string(), Location: location.nullable(), QueryID: z.int(), ParentID: z.int() })).default([]),
});

/** What opa complains of, on whichever output; its text as one problem when it is no JSON. */
export function problemsIn(outputs: readonly string[]): readonly RegoProblem[] {
  for (const output of outputs) {
    const parsed = tryParse(errorsSchema, jsonIn(output));
    if (parsed.success && parsed.data.errors.length > 0) {
      return parsed.data.errors.map(({ code, message, location: place }) => ({
        code,
        message,
        file: place?.file ?? '',
        row: place?.row ?? 0,
        col: place?.file === undefined ? 0 : Math.max(1, place.col),
      }));
    }
  }
  const message = outputs.find((output) => output.trim() !== '')?.trim() ?? '';
  return message === '' ? [] : [{ code: 'rego_compile_error', message, file: '', row: 0, col: 0 }];
}

export function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Not every complaint is JSON: the caller then takes the text.
    return undefined;
  }
}
