import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { parse } from 'yaml';
import { clientSettings } from '#gateway/app/apps/client-settings.ts';
import { someFacts } from '#test/support/oidc/some-app.ts';

interface Dynamic {
  readonly http: {
    readonly middlewares: Readonly<Record<string, { readonly forwardAuth?: Readonly<Record<string, unknown>> }>>;
    readonly routers?: Readonly<Record<string, unknown>>;
  };
}

const SHIPPED = fileURLToPath(new URL('../../../../../adapters/proxies/traefik/', import.meta.url));
const shipped = (name: string): Dynamic => parse(readFileSync(`${SHIPPED}${name}`, 'utf8')) as Dynamic;

function printed(origin: string, name: string): Dynamic {
  const setting = clientSettings(someFacts({ kind: 'website', clientId: 'wiki', origin })).find(({ id }) => id === 'traefik');
  return parse(setting?.files.find((file) => file.name === name)?.text ?? '') as Dynamic;
}

it('prints the files for Traefik that come with the gateway, with the website and the gateway in them', () => {
  const { http } = printed('https://wiki.example.com', 'gatehouse.yaml');
  const { address } = http.middlewares['gatehouse-check']?.forwardAuth ?? {};
  expect(address).toMatch(/^http:\/\/[^/]+\/api\/authz\/forward-auth$/);

  const own = shipped('gatehouse.yaml').http.middlewares;
  const check = { forwardAuth: { ...own['gatehouse-check']?.forwardAuth, address } };
  expect(http).toEqual({ middlewares: { ...own, 'gatehouse-check': check } });
  expect(printed('https://wiki.example.com', 'website.yaml')).toEqual(shipped('website.yaml'));
});

it('tells Traefik the port of the origin and, of one at http, to serve no TLS', () => {
  const { http } = printed('http://wiki.example.com:8000', 'website.yaml');
  expect(http.middlewares['gatehouse-host-wiki']).toEqual({ headers: { customRequestHeaders: { Host: 'wiki.example.com:8000' } } });
  expect(http.routers).toEqual({ wiki: { rule: 'Host(`wiki.example.com`)', middlewares: ['gatehouse-wiki'], service: 'wiki' } });
});
