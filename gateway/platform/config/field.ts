import { z } from 'zod';

/** What a field is measured in and why it exists: printed by `gatehouse init`, shown in problems, never repeated in prose elsewhere. */
export interface FieldMeta {
  readonly unit: string;
  readonly reason: string;
}

/** Adds the meta to the outermost schema, so call it last (after `.default` and `.optional`). */
export function field<S extends z.ZodType>(schema: S, unit: string, reason: string): S {
  return schema.meta({ unit, reason });
}

/** A field's schema without the wrappers that only say what happens when it is absent. */
export interface OpenField {
  readonly inner: z.ZodType;
  readonly optional: boolean;
  /** Undefined when there is none. */
  readonly defaultValue: unknown;
  readonly meta: FieldMeta | null;
}

export function openField(schema: z.ZodType): OpenField {
  let inner: z.ZodType = schema;
  let optional = false;
  let defaultValue: unknown = undefined;
  for (;;) {
    if (inner instanceof z.ZodDefault || inner instanceof z.ZodPrefault) {
      defaultValue ??= inner.def.defaultValue;
      inner = inner.unwrap() as z.ZodType;
    } else if (inner instanceof z.ZodOptional || inner instanceof z.ZodNullable) {
      optional = true;
      inner = inner.unwrap() as z.ZodType;
    } else {
      return { inner, optional, defaultValue, meta: readMeta(schema) };
    }
  }
}

function readMeta(schema: z.ZodType): FieldMeta | null {
  const meta = schema.meta();
  const unit = meta?.['unit'];
  const reason = meta?.['reason'];
  return typeof unit === 'string' && typeof reason === 'string' ? { unit, reason } : null;
}
