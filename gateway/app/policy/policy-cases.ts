import { z } from 'zod';
import { policyDataSchema, type PolicyData } from '../../domain/access/policy-data.ts';
import { policyAnswerSchema } from '../../domain/access/decision.ts';
import { elementRows } from '../../domain/policy/element-rows.ts';
import type { RevisionFile } from '../../domain/policy/revision.ts';
import { tryParse } from '../../domain/try-parse.ts';

/** Cases of one revision; each is put to two engines. */
export const CASES_MAX = 5_000;
const SITE_FILE = 'cases/site.json';

type Json = Readonly<Record<string, unknown>>;
const jsonObject = z.record(z.string(), z.unknown());

/** `{description, reason, base, input, want}`: `input` is laid over `base`; objects are merged, everything else replaced. */
const caseSchema = z.looseObject({
  description: z.string(),
  base: z.string(),
  input: jsonObject,
  want: policyAnswerSchema.partial().required({ allow: true }),
});
const siteSchema = z.strictObject({ data: policyDataSchema, bases: z.record(z.string(), jsonObject) });

export interface RevisionCase {
  readonly file: string;
  /** Where it begins in its file. */
  readonly row: number;
  readonly description: string;
  readonly document: Json;
  readonly want: z.infer<typeof caseSchema>['want'];
}

export type CasesResult =
  | { readonly ok: true; readonly data: PolicyData; readonly cases: readonly RevisionCase[] }
  | { readonly ok: false; readonly file: string; readonly message: string };

class CaseFault extends Error {
  readonly file: string;
  constructor(file: string, message: string) {
    super(message);
    this.file = file;
  }
}

/** Reads `cases/site.json` (data and bases) and `cases/*.cases.json`. None at all is no fault: the tests may all be Rego. */
export function readCases(tests: readonly RevisionFile[]): CasesResult | null {
  const files = tests.filter(({ path }) => path.startsWith('cases/') && path.endsWith('.cases.json'));
  if (files.length === 0) return null;
  try {
    const { data, bases } = parseIn(siteSchema, tests.find(({ path }) => path === SITE_FILE) ?? { path: SITE_FILE, text: '' });
    const cases = files.flatMap((file) => {
      const parsed = parseIn(z.array(caseSchema), file);
      const rows = elementRows(file.text);
      return parsed.map(({ description, base, input, want }, index) => ({
        file: file.path,
        row: rows[index] ?? 0,
        description,
        document: overlay(baseDocument(bases, base, []), input),
        want,
      }));
    });
    if (cases.length > CASES_MAX) throw new CaseFault(SITE_FILE, `more than ${CASES_MAX} cases`);
    return { ok: true, data, cases };
  } catch (failure) {
    if (!(failure instanceof CaseFault)) throw failure;
    return { ok: false, file: failure.file, message: failure.message };
  }
}

function parseIn<Schema extends z.ZodType>(schema: Schema, { path, text }: RevisionFile): z.output<Schema> {
  const parsed = tryParse(schema, attemptJson(text));
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new CaseFault(path, `${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'not valid'}`);
}

/** Undefined, which fits no schema, for what is no JSON. */
function attemptJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A copy of `base` with `over` laid over it. */
function overlay(base: Json, over: Json): Json {
  const merged: Record<string, unknown> = { ...base };
  for (const [key, value] of Object.entries(over)) {
    const below = merged[key];
    merged[key] = isObject(value) && isObject(below) ? overlay(below, value) : value;
  }
  return merged;
}

/** Every base lies over `neutral`, or over the base that it names. */
function baseDocument(bases: Readonly<Record<string, Json>>, name: string, via: readonly string[]): Json {
  const found = bases[name];
  if (found === undefined || via.includes(name)) throw new CaseFault(SITE_FILE, `there is no base ${name}, or it lies over itself`);
  const { base = 'neutral', ...rest } = found;
  return name === 'neutral' ? rest : overlay(baseDocument(bases, String(base), [...via, name]), rest);
}
