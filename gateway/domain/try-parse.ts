import { z } from 'zod';

export type ParseError = Error & { readonly issues: readonly z.core.$ZodIssue[] };

export type Parsed<Output> =
  { readonly success: true; readonly data: Output } | { readonly success: false; readonly data?: never; readonly error: ParseError };

/**
 * What the schema says of a value. It never throws: zod itself does at what calls itself long without being text or a list, such as
 * `{"length": {"toString": null}}`, and whoever stumbles over such a value was sent it by somebody. It is refused as a whole.
 */
export function tryParse<Schema extends z.ZodType>(
  schema: Schema,
  value: unknown,
  params?: z.core.ParseContext<z.core.$ZodIssue>,
): Parsed<z.output<Schema>> {
  try {
    return schema.safeParse(value, params);
  } catch {
    return { success: false, error: new z.ZodError([{ code: 'custom', path: [], message: 'not valid', input: value }]) };
  }
}
