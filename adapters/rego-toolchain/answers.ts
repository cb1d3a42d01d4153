import { z } from 'zod';

const problemSchema = z.strictObject({
  code: z.string(),
  message: z.string(),
  file: z.string(),
  row: z.int().min(0),
  col: z.int().min(0),
});

const fileSchema = z.strictObject({ path: z.string(), text: z.string() });

const testSchema = z.strictObject({
  package: z.string(),
  name: z.string(),
  file: z.string(),
  row: z.int(),
  pass: z.boolean(),
  skip: z.boolean(),
  error: z.string(),
});

const coverageSchema = z.strictObject({
  files: z.array(z.strictObject({ file: z.string(), covered: z.array(z.int()), not_covered: z.array(z.int()) })),
  covered_lines: z.int(),
  not_covered_lines: z.int(),
});

const explanationSchema = z.strictObject({
  result: z.unknown().optional(),
  trace: z.array(
    z.strictObject({
      op: z.enum(['enter', 'exit', 'fail']),
      depth: z.int().min(1),
      file: z.string(),
      row: z.int().min(1),
      col: z.int().min(1),
      text: z.string(),
    }),
  ),
  truncated: z.boolean(),
});

/** The response of policies/toolchain (Response in main.go). Even our own compiler is parsed: a crash may cut its answer short. */
export const answerSchema = z.strictObject({
  ok: z.boolean(),
  errors: z.array(problemSchema),
  wasm: z.base64().optional(),
  plan: z.unknown().optional(),
  formatted: z.array(fileSchema).optional(),
  tests: z.array(testSchema).optional(),
  coverage: coverageSchema.optional(),
  explanation: explanationSchema.optional(),
});
export type Answer = z.infer<typeof answerSchema>;
