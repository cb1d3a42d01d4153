import type { Request } from 'express';
import { z } from 'zod';
import { explainIssue } from '../../domain/explain-issue.ts';
import { tryParse } from '../../domain/try-parse.ts';
import { InvalidRequest } from './request-error.ts';

const ID = z.string().min(1).max(128);

function parse<Schema extends z.ZodType>(schema: Schema, value: unknown, where: string): z.output<Schema> {
  const result = tryParse(schema, value, { error: explainIssue });
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const path = issue === undefined ? [] : issue.path.map(String);
  const unknownKey = issue?.code === 'unrecognized_keys' ? issue.keys.slice(0, 1) : [];
  const field = [...path, ...unknownKey].join('.') || where;
  // The message names the field and what is wrong with it, never its value.
  throw new InvalidRequest(`${field}: ${issue?.message ?? 'not valid'}`, field, { cause: result.error });
}

export function parseBody<Schema extends z.ZodType>(schema: Schema, request: Request): z.output<Schema> {
  return parse(schema, request.body, 'body');
}

export function parseQuery<Schema extends z.ZodType>(schema: Schema, request: Request): z.output<Schema> {
  return parse(schema, request.query, 'query');
}

export function parseId(request: Request, name = 'id'): string {
  return parse(ID, request.params[name], name);
}
