import { mkdtempSync, rmSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { z } from 'zod';
import { freePort, startGateway, type RunningGateway } from '#test/support/running-gateway.ts';

/* Every address that the gateway describes, as its operator asks it, with bodies that no schema was written for. */

const bodySchema = z.looseObject({ content: z.record(z.string(), z.looseObject({ schema: z.unknown() })) });
const documentSchema = z.object({
  paths: z.record(z.string(), z.record(z.string(), z.looseObject({ requestBody: bodySchema.optional() }))),
});

const HOSTILE: Readonly<Record<string, unknown>> = {
  'what calls itself long and cannot say how': { length: { toString: null } },
  'what calls itself large': { size: { valueOf: null }, toString: null },
  'text with a NUL and half a character': 'a\u0000\ud800',
  'a number beyond all bounds': 1e308,
  'a list of nothing': [null, undefined, []],
  'an object of its own prototype': JSON.parse('{"__proto__":{"x":1},"constructor":{"prototype":{"x":1}}}') as unknown,
  nothing: null,
};

/** Names of all members that a JSON schema speaks of, at its first level. */
function membersOf(schema: unknown): readonly string[] {
  if (typeof schema !== 'object' || schema === null) return [];
  const { allOf = [], anyOf = [], oneOf = [], properties = {} } = schema as Readonly<Record<string, unknown>>;
  return [
    ...Object.keys(properties as object),
    ...[allOf, anyOf, oneOf].flatMap((list) => (list as readonly unknown[]).flatMap(membersOf)),
  ];
}

let dataDir: string;
let gateway: RunningGateway;
beforeAll(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'gatehouse-hostile-'));
  gateway = await startGateway({ dataDir, port: await freePort() });
});
afterAll(async () => {
  await gateway?.stop();
  rmSync(dataDir, { recursive: true, force: true });
});

function ask(method: string, path: string, body: unknown): Promise<{ status: number; text: string }> {
  return new Promise((resolve, reject) => {
    const asked = request(
      { socketPath: join(dataDir, 'control.sock'), method: method.toUpperCase(), path, headers: { 'content-type': 'application/json' } },
      (response) => void text(response).then((answer) => resolve({ status: response.statusCode ?? 0, text: answer }), reject),
    );
    asked.on('error', reject);
    asked.end(JSON.stringify(body));
  });
}

it('answers each of them as the fault of whoever asks, and goes on', async () => {
  const { paths } = documentSchema.parse(await (await fetch(`${gateway.url}/openapi.json`)).json());
  const operations = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).flatMap(([method, { requestBody }]) => {
      const schema = requestBody?.content['application/json']?.schema;
      return schema === undefined ? [] : [{ path: path.replace(/\{\w+\}/g, 'some'), method, members: membersOf(schema) }];
    }),
  );
  const failures: string[] = [];
  let refused = 0;
  for (const { members, method, path } of operations) {
    for (const [name, value] of Object.entries(HOSTILE)) {
      for (const body of [value, Object.fromEntries(members.map((member) => [member, value]))]) {
        const { status, text: answer } = await ask(method, path, body);
        if (status === 400) refused += 1;
        if (status >= 500) failures.push(`${method} ${path}, ${name}: ${status} ${answer.slice(0, 200)}`);
      }
    }
  }
  expect(failures).toEqual([]);
  expect(operations.length).toBeGreaterThan(100);
  expect(refused).toBeGreaterThan(operations.length * 5);
});
