import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { createApi } from '#gateway/http/api.ts';
import { toTemplate } from '#gateway/http/docs/create-openapi.ts';
import { createAuthzenFace } from '#gateway/http/authzen/authzen-face.ts';
import { createOpenapi as createAuthzenOpenapi } from '#gateway/http/authzen/openapi.ts';
import type { FaceName } from '#gateway/http/server.ts';
import { createForwardAuthFace } from '#gateway/forward-auth/forward-auth-face.ts';
import { createScimFace } from '#gateway/scim/scim-face.ts';
import { createUpstreamFace } from '#gateway/upstream/upstream-face.ts';
import { createVpnRadiusFace } from '#gateway/vpn/radius-face.ts';
import { startHttpGateway, type HttpGateway } from '#test/support/http-gateway.ts';
import { peerPackages } from '#test/support/peers/peer-packages.ts';

/* The description is held against what is mounted: against the routers of a gateway that runs, the provider's, and each face's. */

/** Whatever is asked of it exists: a face is only asked for its addresses here. */
const everything: never = new Proxy(() => undefined, {
  get: (_target, name) =>
    name === Symbol.toPrimitive ? () => 'https://gatehouse.example' : name === Symbol.iterator ? () => [].values() : everything,
  apply: () => everything,
}) as never;

interface Layer {
  readonly route?: { readonly path: string | readonly string[]; readonly methods: Readonly<Record<string, boolean>> };
  readonly handle?: { readonly stack?: readonly Layer[] };
  readonly rawPath?: unknown;
}

function mountOf({ rawPath }: Layer): string {
  if (typeof rawPath !== 'string') throw new TypeError('Express no longer tells where a router is mounted');
  return rawPath === '/' ? '' : rawPath;
}

function routesOf({ stack }: { readonly stack: unknown }, base = ''): readonly string[] {
  // Of Express's own, whose types leave out what is read here.
  return (stack as readonly Layer[]).flatMap((layer) => {
    const { handle, route } = layer;
    if (route !== undefined)
      return Object.keys(route.methods).flatMap((method) => [route.path].flat().map((path) => `${method} ${base}${path}`));
    return handle?.stack === undefined ? [] : routesOf({ stack: handle.stack }, `${base}${mountOf(layer)}`);
  });
}

/** The routes of the provider: its own router is told them while it is made. */
async function spyOnProvider(): Promise<readonly string[]> {
  const { default: ProviderRouter } = (await import(createRequire(import.meta.url).resolve('oidc-provider/lib/helpers/router.js'))) as {
    readonly default: { readonly prototype: Record<'get' | 'post' | 'put' | 'delete', (name: string, path: string) => unknown> };
  };
  const routes: string[] = [];
  for (const method of ['get', 'post', 'put', 'delete'] as const) {
    const original = ProviderRouter.prototype[method];
    vi.spyOn(ProviderRouter.prototype, method).mockImplementation(function (this: unknown, name, path, ...rest) {
      routes.push(`${method} /oidc${path}`);
      return original.call(this, name, path, ...rest);
    });
  }
  return routes;
}

let gateway: HttpGateway;
let providerRoutes: readonly string[] = [];
let documentText = '';
beforeAll(async () => {
  providerRoutes = await spyOnProvider();
  gateway = await startHttpGateway({ clients: [] });
  documentText = await (await fetch(`${gateway.publicUrl}/openapi.json`)).text();
});
afterAll(async () => {
  await gateway.close();
  vi.restoreAllMocks();
});

/** Method and path, with parameters as the document writes them. */
const described = (): readonly string[] => {
  const { paths } = JSON.parse(documentText) as { readonly paths: Readonly<Record<string, Readonly<Record<string, unknown>>>> };
  return Object.entries(paths).flatMap(([path, methods]) => Object.keys(methods).map((method) => `${method} ${path}`));
};
const distinct = (routes: readonly string[]): readonly string[] => [...new Set(routes.map(toTemplate))].sort();

/** What our own middleware answers before the provider's router. */
const PROVIDER_EXTENSIONS = [
  'get /oidc/approve',
  'post /oidc/auth',
  'post /oidc/session/end',
  'get /.well-known/oauth-authorization-server/oidc',
];

/** Pages of people, which their own program reads and no other. */
const isPage = (route: string): boolean =>
  /^get \/(?:$|(?:console|me|demo|vpn)(?:\/\*rest)?$|signin\/|enrol$|recover$|favicon\.ico$)/.test(route);

/** By name, so that the compiler asks for one that is new. */
const FACES: Readonly<Record<Exclude<FaceName, 'oidc'>, readonly string[] | null>> = {
  authzen: createAuthzenFace(everythingAt()).routes,
  forwardAuth: createForwardAuthFace(everything).routes,
  radius: createVpnRadiusFace(everything).routes,
  scim: createScimFace(everythingAt()).routes,
  upstream: createUpstreamFace(everythingAt()).routes,
};

function everythingAt(): never {
  return new Proxy(
    { publicUrl: 'https://gatehouse.example' },
    {
      get: (target, name) => (name === 'publicUrl' ? target.publicUrl : everything),
    },
  ) as never;
}

it('describes each route that is mounted, and no other', () => {
  const mounted = routesOf(gateway.http.parts.app.router).filter((route) => !isPage(route));
  // With every part that a configuration may leave out.
  const api = routesOf(createApi(everything), '/api');
  const provider = [...providerRoutes, ...PROVIDER_EXTENSIONS];
  const faces = Object.values(FACES).flatMap((routes) => routes ?? []);
  expect(mounted.length).toBeGreaterThan(120);
  expect(provider.length).toBeGreaterThan(20);

  expect([...described()].sort()).toEqual(distinct([...mounted, ...api, ...provider, ...faces]));
});

it('finds what it says of our own extensions of the provider', async () => {
  for (const [method = '', path = ''] of PROVIDER_EXTENSIONS.map((route) => route.split(' '))) {
    const form = method === 'get' ? {} : { body: new URLSearchParams({ a: 'b' }) };
    expect((await fetch(`${gateway.publicUrl}${path}`, { method: method.toUpperCase(), redirect: 'manual', ...form })).status).not.toBe(
      404,
    );
  }
});

it('leaves to no face but the provider to know its own addresses', () => {
  expect(Object.keys(gateway.http.parts.faces).sort()).toEqual(['oidc', ...Object.keys(FACES)].sort());
  for (const routes of Object.values(FACES)) expect(routes?.length).toBeGreaterThan(1);
  expect(gateway.http.parts.faces.oidc?.routes).toBeNull();
});

it('is valid in the eyes of another’s validator', async () => {
  const folder = peerPackages(fileURLToPath(new URL('../../peers/openapi/', import.meta.url)), 'openapi-validator');
  const { Validator } = (await import(createRequire(join(folder, 'package.json')).resolve('@seriousme/openapi-schema-validator'))) as {
    readonly Validator: new () => {
      readonly version: string;
      validate(document: unknown): Promise<{ readonly valid: boolean; readonly errors?: unknown }>;
    };
  };
  const validator = new Validator();

  expect(await validator.validate(JSON.parse(documentText))).toEqual({ valid: true });
  expect(await new Validator().validate(createAuthzenOpenapi(gateway.publicUrl))).toEqual({ valid: true });

  expect(validator.version).toBe('3.1');
  const { paths, ...rest } = JSON.parse(documentText) as { readonly paths: unknown };
  const broken = { ...rest, paths: { ...(paths as object), '/broken': { get: { responses: { 200: { content: {} } } } } } };
  expect((await new Validator().validate(broken)).valid).toBe(false);
});
