import { z } from 'zod';
import { createOpenapi as createAuthzenOpenapi } from '../authzen/openapi.ts';
import { errorBodySchema } from '../contract/common.ts';
import { SCHEMES, SECURITY } from './callers-of-operations.ts';
import type { Answer, Answers, Operation, OperationParts, Operations } from './operation.ts';
import { operationsOfDecisions } from './operations-of-faces.ts';
import { OPERATIONS } from './operations.ts';

type Json = Readonly<Record<string, unknown>>;

export interface OpenapiOperation {
  readonly operationId: string;
  readonly summary: string;
  readonly description?: string;
  readonly tags: readonly string[];
  readonly security?: readonly Json[];
  readonly parameters?: readonly Json[];
  readonly requestBody?: Json;
  readonly responses: Json;
}

export interface OpenapiDocument {
  readonly openapi: '3.1.0';
  readonly info: Json;
  readonly servers: readonly Json[];
  readonly tags: readonly { readonly name: string }[];
  readonly paths: Readonly<Record<string, Readonly<Record<string, OpenapiOperation>>>>;
  readonly components: Json;
}

/** One document has one dialect, which it names itself. */
const toSchema = (schema: z.ZodType, io: 'input' | 'output'): Json =>
  withoutDialect(z.toJSONSchema(schema, { io, unrepresentable: 'any' })) as Json;

function withoutDialect(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutDialect);
  if (typeof value !== 'object' || value === null) return value;
  const kept = Object.entries(value).filter(([name]) => name !== '$schema');
  return Object.fromEntries(kept.map(([name, inner]) => [name, withoutDialect(inner)]));
}
const json = (schema: Json): Json => ({ 'application/json': { schema } });

const SCIM: Json = { 'application/scim+json': { schema: { type: 'object' } } };
const TEXT: Json = { 'text/plain': { schema: { type: 'string' } } };
const PAGE: Json = { 'text/html': { schema: { type: 'string' } } };
const OAUTH_ERROR: Json = json({
  type: 'object',
  properties: { error: { type: 'string' }, error_description: { type: 'string' } },
  required: ['error'],
});

function contentOf(body: NonNullable<Answer['body']>): Json {
  switch (body) {
    case 'json':
      return json({ type: 'object' });
    case 'jwk_set':
      return { 'application/jwk-set+json': { schema: { type: 'object' } } };
    case 'oauth_error':
      return OAUTH_ERROR;
    case 'page':
      return PAGE;
    case 'scim':
      return SCIM;
    case 'text':
      return TEXT;
    default:
      return json(toSchema(body, 'output'));
  }
}

function answerOf({ body, description, headers = [] }: Answer): Json {
  const named = Object.fromEntries(headers.map((name) => [name, { schema: { type: 'string' } }]));
  return {
    description,
    ...(headers.length === 0 ? {} : { headers: named }),
    ...(body === undefined ? {} : { content: contentOf(body) }),
  };
}

const toResponses = (answers: Answers): Json =>
  Object.fromEntries(Object.entries(answers).map(([status, answer]: readonly [string, Answer]) => [status, answerOf(answer)]));

function bodyOf(body: NonNullable<OperationParts['body']>): Json {
  if (body === 'file') return { 'application/octet-stream': { schema: { type: 'string', format: 'binary' } } };
  if (body === 'form') return { 'application/x-www-form-urlencoded': { schema: { type: 'object' } } };
  if (body === 'scim') return SCIM;
  return json(body === 'json' ? { type: 'object' } : toSchema(body, 'input'));
}

function answersOf(answer: OperationParts['answer']): Json {
  switch (answer) {
    case 'events':
      return { 200: { description: 'Events, one after the other.', content: { 'text/event-stream': { schema: { type: 'string' } } } } };
    case 'redirect':
      return { 303: { description: 'The browser goes on at `Location`.' } };
    case 'page':
      return { 200: { description: 'A page.', content: PAGE } };
    case 'nothing':
      return { '2XX': { description: 'Done.' } };
    case 'json':
      return { '2XX': { description: 'As the standard has it.', content: json({ type: 'object' }) } };
    default:
      return 'byStatus' in answer
        ? toResponses(answer.byStatus)
        : { '2XX': { description: 'Done.', content: json(toSchema(answer, 'output')) } };
  }
}

function queryOf(query: NonNullable<OperationParts['query']>): readonly Json[] {
  if (!(query instanceof z.ZodObject))
    return query.map((name: string) => ({ name, in: 'query', required: false, schema: { type: 'string' } }));
  const { properties = {}, required = [] } = toSchema(query, 'input') as {
    properties?: Record<string, Json>;
    required?: readonly string[];
  };
  return Object.entries(properties).map(([name, schema]) => ({ name, in: 'query', required: required.includes(name), schema }));
}

/** `:id` of the router is `{id}` of the document. */
export const toTemplate = (path: string): string => path.replace(/:(\w+)/g, '{$1}');

const PATH_CHARS_MAX = 128;

const pathParameters = (path: string, charsMax: number): readonly Json[] =>
  [...path.matchAll(/:(\w+)/g)].map(([, name]) => ({ name, in: 'path', required: true, schema: { type: 'string', maxLength: charsMax } }));

const headerParameters = (headers: NonNullable<OperationParts['headers']>): readonly Json[] =>
  headers.map((header) => ({ ...header, in: 'header', schema: { type: 'string' } }));

function toOperation({ base, failures = {}, tag }: Operations, [route, summary, parts]: Operation): OpenapiOperation {
  const { answer, body, caller = 'operator', description, headers = [], pathCharsMax = PATH_CHARS_MAX, query } = parts;
  const path = `${base}${route.slice(route.indexOf(' ') + 1)}`;
  const parameters = [...pathParameters(path, pathCharsMax), ...headerParameters(headers), ...(query === undefined ? [] : queryOf(query))];
  const security = SECURITY[caller];
  return {
    operationId: `${route.slice(0, route.indexOf(' '))}${path.replace(/[^A-Za-z0-9]+/g, '_')}`,
    summary,
    ...(description === undefined ? {} : { description }),
    tags: [tag],
    ...(security === null ? {} : { security }),
    ...(parameters.length === 0 ? {} : { parameters }),
    ...(body === undefined ? {} : { requestBody: { required: true, content: bodyOf(body) } }),
    responses: {
      ...toResponses(failures),
      ...answersOf(answer),
      ...(base === '/api' ? { default: { $ref: '#/components/responses/failure' } } : {}),
    },
  };
}

const ERROR: Json = { description: 'It was not done; `code` says why.', content: json(toSchema(errorBodySchema, 'output')) };

/** OpenAPI 3.1 of every address of the gateway, made of the schemas that requests are read and answers are written with. */
export function createOpenapi(publicUrl: string): OpenapiDocument {
  const paths: Record<string, Record<string, OpenapiOperation>> = {};
  for (const group of OPERATIONS) {
    for (const operation of group.operations) {
      const [method = '', path = ''] = operation[0].split(' ');
      const template = toTemplate(`${group.base}${path}`);
      paths[template] = { ...paths[template], [method]: toOperation(group, operation) };
    }
  }
  for (const [path, { post }] of Object.entries(createAuthzenOpenapi(publicUrl).paths)) {
    const described = withoutDialect(post) as typeof post;
    paths[path] = { post: { ...described, tags: [operationsOfDecisions.tag], security: [{ client_key: [] }] } };
  }
  return {
    openapi: '3.1.0',
    info: { title: 'Gatehouse', version: '1', summary: 'One policy, one log, for doors and systems.' },
    servers: [{ url: publicUrl }],
    tags: OPERATIONS.map(({ tag }) => ({ name: tag })),
    paths,
    components: { securitySchemes: SCHEMES, responses: { failure: ERROR } },
  };
}
