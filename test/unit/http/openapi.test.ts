import { expect, it } from 'vitest';
import { createOpenapi, toTemplate, type OpenapiOperation } from '#gateway/http/docs/create-openapi.ts';

const PUBLIC_URL = 'https://gatehouse.example';
const document = createOpenapi(PUBLIC_URL);

const operations: readonly (readonly [string, string, OpenapiOperation])[] = Object.entries(document.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) => [path, method, operation] as const),
);

it('is OpenAPI 3.1: what must be there is there, and every name is one’s own', () => {
  expect(document).toMatchObject({ openapi: '3.1.0', info: { title: 'Gatehouse', version: expect.any(String) as string } });
  const ids = operations.map(([, , { operationId }]) => operationId);
  expect(new Set(ids).size).toBe(ids.length);
  const tags = new Set(document.tags.map(({ name }) => name));
  for (const [path, method, { responses, summary, tags: own }] of operations) {
    expect(path).toMatch(/^\/[^?#:]*$/);
    expect(['get', 'post', 'put', 'patch', 'delete']).toContain(method);
    expect(summary.length).toBeGreaterThan(5);
    expect(Object.keys(responses).length).toBeGreaterThan(0);
    for (const status of Object.keys(responses)) expect(status).toMatch(/^([1-5]\d\d|[1-5]XX|default)$/);
    expect(own.every((tag) => tags.has(tag))).toBe(true);
  }
});

it('declares each parameter of a path, once, and no other', () => {
  for (const [path, , { parameters = [] }] of operations) {
    const named = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
    const declared = parameters.filter((parameter) => parameter['in'] === 'path').map((parameter) => parameter['name']);
    expect(declared).toEqual(named);
    const keys = parameters.map((parameter) => `${String(parameter['in'])} ${String(parameter['name'])}`);
    expect(new Set(keys).size).toBe(keys.length);
  }
});

it('refers to nothing that it does not hold', () => {
  const text = JSON.stringify(document);
  const schemes = (document.components as { readonly securitySchemes: Readonly<Record<string, unknown>> }).securitySchemes;
  for (const [, , { security = [] }] of operations) {
    for (const name of security.flatMap((one) => Object.keys(one))) expect(schemes).toHaveProperty(name);
  }
  expect(new Set([...text.matchAll(/"\$ref":"([^"]+)"/g)].map(([, target]) => target))).toEqual(
    new Set(['#/components/responses/failure']),
  );
  expect(text).not.toContain('"$schema"');
});

it('writes the parameters of a route as those of a template', () => {
  expect(toTemplate('/people/:id/grants/:grantId')).toBe('/people/{id}/grants/{grantId}');
});
