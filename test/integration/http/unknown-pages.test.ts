import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startHttpGateway, type HttpGateway } from '#test/support/http-gateway.ts';

const BROWSER = 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8';
const UNKNOWN = { error: { code: 'resource.unknown', message: expect.any(String) as unknown } };

let uiDir: string;
let gateway: HttpGateway;

beforeAll(async () => {
  uiDir = mkdtempSync(join(tmpdir(), 'gatehouse-ui-'));
  writeFileSync(join(uiDir, 'favicon.svg'), '<svg xmlns="http://www.w3.org/2000/svg"/>');
  gateway = await startHttpGateway({ clients: [], uiDir });
});
afterAll(async () => {
  await gateway?.close();
  rmSync(uiDir, { recursive: true, force: true });
});

const ask = (path: string, accept: string, method = 'GET') =>
  fetch(`${gateway.publicUrl}${path}`, { method, headers: { accept }, redirect: 'manual' });

describe.each(['/nope', '/oidc/nope', '/oidc/'])('an address where nothing is (%s)', (path) => {
  it('is a page with a way home for a browser', async () => {
    const answer = await ask(path, BROWSER);
    const page = await answer.text();
    expect([answer.status, answer.headers.get('content-type')]).toEqual([404, 'text/html; charset=utf-8']);
    expect(page).toContain('href="/"');
    expect(page).toContain('Gatehouse');
    expect(page).not.toMatch(/<script(?! src="\/oidc-pages\/)|style="/);
    expect(answer.headers.get('content-security-policy')).toContain("default-src 'none'");
  });

  it.each(['application/json', '*/*', ''])('is JSON for a program that accepts %j', async (accept) => {
    const answer = await ask(path, accept);
    expect([answer.status, await answer.json()]).toEqual([404, UNKNOWN]);
  });

  it('is JSON for whoever sends something', async () => {
    const answer = await ask(path, BROWSER, 'DELETE');
    expect([answer.status, await answer.json()]).toEqual([404, UNKNOWN]);
  });
});

it('is JSON below /api, also for a browser', async () => {
  const answer = await ask('/api/nope', BROWSER);
  expect([answer.status, await answer.json()]).toEqual([404, UNKNOWN]);
});

it('leads the icon that browsers ask for by themselves to the one there is', async () => {
  const moved = await ask('/favicon.ico', 'image/*');
  expect([moved.status, moved.headers.get('location')]).toEqual([308, '/favicon.svg']);
  const icon = await ask('/favicon.svg', 'image/*');
  expect([icon.status, icon.headers.get('content-type')]).toEqual([200, 'image/svg+xml']);
});
