import { z } from 'zod';
import { capital, words } from '../../../shared/log/describe-record.ts';
import { parameterLabels } from './parameter-words.ts';

interface Common {
  readonly name: string;
  readonly label: string;
  readonly hint: string | undefined;
}

/** A parameter of a ready policy, as a form asks for it. */
export type ParameterField =
  | (Common & { readonly kind: 'integer'; readonly min: number; readonly max: number; readonly unit: string; readonly initial: number })
  | (Common & { readonly kind: 'choice'; readonly choices: readonly string[]; readonly initial: string })
  | (Common & { readonly kind: 'flag'; readonly initial: boolean })
  | (Common & { readonly kind: 'text'; readonly initial: string })
  | (Common & { readonly kind: 'texts'; readonly itemsMax: number; readonly initial: readonly string[] });

const text = { description: z.string().optional() };
const propertySchema = z.union([
  z.looseObject({
    ...text,
    type: z.literal('integer'),
    minimum: z.number().default(0),
    maximum: z.number().default(Number.MAX_SAFE_INTEGER),
    default: z.number().optional(),
  }),
  z.looseObject({ ...text, type: z.literal('boolean'), default: z.boolean().default(false) }),
  z.looseObject({ ...text, type: z.literal('string'), enum: z.array(z.string()).min(1).optional(), default: z.string().optional() }),
  z.looseObject({
    ...text,
    type: z.literal('array'),
    items: z.looseObject({ type: z.literal('string') }),
    maxItems: z.number().default(Number.MAX_SAFE_INTEGER),
    default: z.array(z.string()).default([]),
  }),
]);
const schemaSchema = z.looseObject({ properties: z.record(z.string(), z.unknown()).default({}) });

/** Units stand last in names, as everywhere. */
const units: Readonly<Record<string, string>> = { S: 'seconds', Ms: 'milliseconds', Minutes: 'minutes' };
const UNIT_AT_END = /(?<=[a-z])(S|Ms|Minutes)$/;

/**
 * The fields of a JSON Schema as the library gives it. What a form cannot ask for is named, not left out: its value would be lost
 * without a word.
 */
export function parameterFields(schema: unknown): { readonly fields: readonly ParameterField[]; readonly unknown: readonly string[] } {
  const properties = Object.entries(schemaSchema.parse(schema).properties);
  const fields: ParameterField[] = [];
  const unknown: string[] = [];
  for (const [name, property] of properties) {
    const parsed = propertySchema.safeParse(property);
    if (parsed.success) fields.push(toField(name, parsed.data));
    else unknown.push(name);
  }
  return { fields, unknown };
}

function toField(name: string, property: z.infer<typeof propertySchema>): ParameterField {
  const common = { name, label: parameterLabels[name] ?? labelOf(name), hint: property.description };
  switch (property.type) {
    case 'integer': {
      const { minimum: min, maximum: max } = property;
      return {
        ...common,
        kind: 'integer',
        min,
        max,
        unit: units[UNIT_AT_END.exec(name)?.[0] ?? ''] ?? '',
        initial: property.default ?? min,
      };
    }
    case 'boolean':
      return { ...common, kind: 'flag', initial: property.default };
    case 'string': {
      const choices = property.enum;
      if (choices === undefined) return { ...common, kind: 'text', initial: property.default ?? '' };
      return { ...common, kind: 'choice', choices, initial: property.default ?? choices[0] ?? '' };
    }
    case 'array':
      return { ...common, kind: 'texts', itemsMax: property.maxItems, initial: property.default };
  }
}

/** `maxAgeS` is the oldest age in seconds: the unit is said apart. */
function labelOf(name: string): string {
  const spaced = name.replace(UNIT_AT_END, '').replaceAll(/([a-z])([A-Z])/g, '$1 $2');
  return capital(words(spaced).toLowerCase());
}

/** What is wrong with a number, in words; a field that is empty gives null. */
export function integerError(field: Extract<ParameterField, { kind: 'integer' }>): string {
  return `Give a whole number of ${String(field.min)} to ${String(field.max)}${field.unit === '' ? '' : ` ${field.unit}`}.`;
}

/** A list as it is typed: one after the other, parted by commas. */
export function parseTexts(typed: string): readonly string[] {
  const found = typed.split(/[,\n]/).map((each) => each.trim());
  return [...new Set(found.filter((each) => each !== ''))];
}
