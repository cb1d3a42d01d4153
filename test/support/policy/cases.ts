import { readdir, readFile } from 'node:fs/promises';
import { z } from 'zod';
import { policyAnswerSchema } from '#gateway/domain/access/decision.ts';
import { policyDataSchema } from '#gateway/domain/access/policy-data.ts';
import { policyReasonCodeSchema } from '#gateway/domain/access/reason-code.ts';

/** Cases live beside the policy, so that an installation can add its own: {description, reason, base, input, want}. */
const CASES_DIR = new URL('../../../policies/cases/', import.meta.url);

type Json = Readonly<Record<string, unknown>>;
const jsonObject = z.record(z.string(), z.unknown());

const siteSchema = z.strictObject({ data: policyDataSchema, bases: z.record(z.string(), jsonObject) });
const caseSchema = z.strictObject({
  description: z.string(),
  /** The reason code that the case is about, whether it denies by it or shows where it ends. */
  reason: policyReasonCodeSchema,
  base: z.string(),
  /** Laid over the base: objects are merged, everything else replaced. */
  input: jsonObject,
  want: policyAnswerSchema.partial().required({ allow: true }),
});
type RawCase = z.infer<typeof caseSchema>;

export interface PolicyCase extends RawCase {
  readonly file: string;
  /** The complete document: base and case. */
  readonly document: Json;
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A copy of `base` with `over` laid over it. */
export function overlay(base: Json, over: Json): Json {
  const merged: Record<string, unknown> = { ...base };
  for (const [key, value] of Object.entries(over)) {
    const below = merged[key];
    merged[key] = isObject(value) && isObject(below) ? overlay(below, value) : value;
  }
  return merged;
}

/** Every base lies over `neutral`, or over the base that it names. */
function baseDocument(bases: z.infer<typeof siteSchema>['bases'], name: string): Json {
  const found = bases[name];
  if (found === undefined) throw new TypeError(`no base ${name}`);
  const { base = 'neutral', ...rest } = found;
  return name === 'neutral' ? rest : overlay(baseDocument(bases, String(base)), rest);
}

export async function readPolicyCases(): Promise<{
  readonly data: z.infer<typeof policyDataSchema>;
  readonly cases: readonly PolicyCase[];
}> {
  const read = async (name: string): Promise<unknown> => JSON.parse(await readFile(new URL(name, CASES_DIR), 'utf8'));
  const { data, bases } = siteSchema.parse(await read('site.json'));
  const files = (await readdir(CASES_DIR)).filter((name) => name.endsWith('.cases.json')).sort();
  const cases: PolicyCase[] = [];
  for (const file of files) {
    for (const one of z.array(caseSchema).parse(await read(file))) {
      cases.push({ ...one, file, document: overlay(baseDocument(bases, one.base), one.input) });
    }
  }
  return { data, cases };
}
