import { z } from 'zod';
import { EVALUATIONS_MAX, SEMANTICS, type Semantic } from '../../app/authzen/evaluations.ts';
import { PAGE_TOKEN_CHARS_MAX } from '../../app/authzen/page-token.ts';
import type { PageRequest, Question, Search } from '../../app/authzen/types.ts';
import { tryParse } from '../../domain/try-parse.ts';

/** Longest type, id or name, characters. */
export const NAME_CHARS_MAX = 256;

/** Members that are not known are left out, as the specification wants: a later version may bring them. */
const name = z.string().min(1).max(NAME_CHARS_MAX);
const properties = z.record(z.string(), z.unknown()).optional();
const entity = z.object({ type: name, id: name, properties });
const openEntity = z.object({ type: name, properties });
const action = z.object({ name, properties });
const context = z.record(z.string(), z.unknown()).default({});
const page = z.object({ token: z.string().max(PAGE_TOKEN_CHARS_MAX).optional(), limit: z.int().min(0).optional() }).default({});

export const questionSchema = z.object({ subject: entity, action, resource: entity, context });
export const searchSchemas = {
  subject: z.object({ subject: openEntity, action, resource: entity, context, page }),
  resource: z.object({ subject: entity, action, resource: openEntity, context, page }),
  action: z.object({ subject: entity, resource: entity, context, page }),
} as const;

const anything = z.record(z.string(), z.unknown());
const batchSchema = z.object({
  evaluations: z.array(z.unknown()).max(EVALUATIONS_MAX).optional(),
  options: z.object({ evaluations_semantic: z.enum(SEMANTICS).default('execute_all') }).default({ evaluations_semantic: 'execute_all' }),
});

/** How a batch is described: what its questions share may stand beside them. */
export const batchBodySchema = questionSchema.partial().extend({
  evaluations: z.array(questionSchema.partial()).max(EVALUATIONS_MAX).optional(),
  options: batchSchema.shape.options,
});

/** What does not fit: the field and what is wrong with it, never its value. */
export interface Unfit {
  readonly kind: 'unfit';
  readonly message: string;
}

export type Read<Value> = { readonly kind: 'read'; readonly value: Value } | Unfit;

function read<Schema extends z.ZodType>(schema: Schema, body: unknown): Read<z.output<Schema>> {
  const result = tryParse(schema, body);
  if (result.success) return { kind: 'read', value: result.data };
  const [issue] = result.error.issues;
  const field = issue === undefined || issue.path.length === 0 ? 'body' : issue.path.map(String).join('.');
  return { kind: 'unfit', message: `${field}: ${issue?.message ?? 'is not valid'}` };
}

export const readQuestion = (body: unknown): Read<Question> => read(questionSchema, body);

export interface Batch {
  /** Each as it stands with the defaults of the request; empty = the request is a single question. */
  readonly items: readonly unknown[];
  readonly semantic: Semantic;
}

export function readBatch(body: unknown): Read<Batch> {
  const outer = read(anything, body);
  if (outer.kind === 'unfit') return outer;
  const batch = read(batchSchema, body);
  if (batch.kind === 'unfit') return batch;
  const { evaluations = [], options } = batch.value;
  return {
    kind: 'read',
    value: { items: evaluations.map((item) => withDefaults(outer.value, item)), semantic: options.evaluations_semantic },
  };
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/**
 * A member of the item replaces that of the request as a whole; only a type or id that the item leaves out is the request's (scenario
 * of the certification, "batch with default value merging").
 */
function withDefaults(defaults: Readonly<Record<string, unknown>>, item: unknown): unknown {
  if (!isObject(item)) return item;
  const merged: Record<string, unknown> = {};
  for (const key of ['subject', 'action', 'resource', 'context']) {
    const [own, common] = [item[key], defaults[key]];
    if (own === undefined) merged[key] = common;
    else merged[key] = key === 'context' || !isObject(own) || !isObject(common) ? own : { ...identifiersOf(common), ...own };
  }
  return merged;
}

function identifiersOf(entityOrAction: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return Object.fromEntries(['type', 'id'].flatMap((key) => (key in entityOrAction ? [[key, entityOrAction[key]]] : [])));
}

export interface SearchRequest {
  readonly search: Search;
  readonly page: PageRequest;
}

export function readSearch(target: Search['target'], body: unknown): Read<SearchRequest> {
  // One branch for each target keeps the three shapes apart for the compiler.
  switch (target) {
    case 'subject':
      return toSearch(read(searchSchemas.subject, body), (value) => ({ target: 'subject', ...value }));
    case 'resource':
      return toSearch(read(searchSchemas.resource, body), (value) => ({ target: 'resource', ...value }));
    case 'action':
      return toSearch(read(searchSchemas.action, body), (value) => ({ target: 'action', ...value }));
  }
}

function toSearch<Value extends { readonly page: PageRequest }>(
  result: Read<Value>,
  build: (value: Omit<Value, 'page'>) => Search,
): Read<SearchRequest> {
  if (result.kind === 'unfit') return result;
  const { page: pageRequest, ...rest } = result.value;
  return { kind: 'read', value: { search: build(rest), page: pageRequest } };
}
