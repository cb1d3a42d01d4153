import { z } from 'zod';

/** An id as it was written; the brand is given here because a stored row is where it enters the program. */
export const idField = <Id extends string>() => z.custom<Id>((value) => typeof value === 'string' && value.length > 0);

/** Integer booleans: 0 and 1 only. */
export const flagField = z.union([z.literal(0), z.literal(1)]).transform((value) => value === 1);
export const toFlag = (value: boolean): 0 | 1 => (value ? 1 : 0);

export const epochMsField = z.int().nullable();

/** Text columns that hold JSON. */
export const jsonField = <Schema extends z.ZodType>(schema: Schema) =>
  z
    .string()
    .transform((text, context): unknown => {
      try {
        return JSON.parse(text);
      } catch {
        // The row is reported as corrupt, with the column's path; the parser's own message would repeat its content.
        context.addIssue({ code: 'custom', message: 'not JSON' });
        return z.NEVER;
      }
    })
    .pipe(schema);
