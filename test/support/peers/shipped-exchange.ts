import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';

/* What proxies that are no Debian packages ask by the shipped files, as their sources have it: Traefik 3, Envoy 1.30. */

const SHIPPED = fileURLToPath(new URL('../../../adapters/proxies/', import.meta.url));
const read = (name: string): unknown => parse(readFileSync(`${SHIPPED}${name}`, 'utf8'));

/** A request as it comes to the proxy. */
export interface Arriving {
  /** Host of HTTP/1.1 or :authority of HTTP/2; of an absolute-form request the host of its target, as both proxies take it. */
  readonly host: string;
  readonly isTls: boolean;
  readonly target: string;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface Question {
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
}

interface Middleware {
  readonly chain?: { readonly middlewares: readonly string[] };
  readonly headers?: { readonly customRequestHeaders: Readonly<Record<string, string>> };
  readonly forwardAuth?: { readonly address: string; readonly trustForwardHeader: boolean };
}
interface TraefikFile {
  readonly http: {
    readonly middlewares: Readonly<Record<string, Middleware>>;
    readonly routers?: Readonly<Record<string, { readonly rule: string; readonly tls?: object; readonly middlewares: readonly string[] }>>;
  };
}

/** Null = no router takes the request, or it is passed on unasked. pkg/middlewares/headers/header.go and auth/forward.go. */
export function traefikAsks(arriving: Arriving): Question | null {
  const [own, website] = [read('traefik/gatehouse.yaml') as TraefikFile, read('traefik/website.yaml') as TraefikFile];
  const middlewares = { ...own.http.middlewares, ...website.http.middlewares };
  const hostname = arriving.host.replace(/:\d+$/, '').toLowerCase();
  const router = Object.values(website.http.routers ?? {}).find(
    ({ rule, tls }) => rule === `Host(\`${hostname}\`)` && (tls !== undefined) === arriving.isTls,
  );
  let { host } = arriving;
  const headers: Record<string, string> = { ...arriving.headers };
  const flat = (names: readonly string[]): readonly Middleware[] =>
    names.flatMap((name) => {
      const one = middlewares[name];
      if (one === undefined) throw new Error(`Traefik serves no router whose middleware is not there: ${name}`);
      return one.chain === undefined ? [one] : flat(one.chain.middlewares);
    });
  for (const { forwardAuth, headers: changed } of flat(router?.middlewares ?? [])) {
    for (const [name, value] of Object.entries(changed?.customRequestHeaders ?? {})) {
      if (name === 'Host') host = value;
      else if (value === '') delete headers[name.toLowerCase()];
      else headers[name.toLowerCase()] = value;
    }
    if (forwardAuth === undefined) continue;
    const stated = {
      'x-forwarded-method': 'GET',
      'x-forwarded-proto': arriving.isTls ? 'https' : 'http',
      'x-forwarded-host': host,
      'x-forwarded-uri': arriving.target,
      'x-forwarded-for': '127.0.0.1',
    };
    return {
      path: new URL(forwardAuth.address).pathname,
      headers: forwardAuth.trustForwardHeader ? { ...stated, ...headers } : { ...headers, ...stated },
    };
  }
  return null;
}

interface VirtualHost {
  readonly domains: readonly string[];
  readonly require_tls?: 'ALL';
}
interface EnvoyFile {
  readonly typed_config: {
    readonly use_remote_address?: boolean;
    readonly route_config: { readonly virtual_hosts: readonly VirtualHost[] };
    readonly http_filters: readonly {
      readonly typed_config: {
        readonly http_service?: {
          readonly path_prefix: string;
          readonly authorization_request: { readonly allowed_headers: { readonly patterns: readonly { readonly exact: string }[] } };
        };
      };
    }[];
  };
}

/** Null = the request is passed on to no website. source/common/http/conn_manager_utility.cc and ext_authz_http_impl.cc. */
export function envoyAsks(arriving: Arriving): Question | null {
  const {
    http_filters: filters,
    route_config: routes,
    use_remote_address: isEdge,
  } = (read('envoy/ext-authz.yaml') as EnvoyFile).typed_config;
  const host = arriving.host.toLowerCase();
  const served = routes.virtual_hosts.find(({ domains }) => domains.includes(host) || domains.includes('*'));
  const seen = { 'x-forwarded-proto': arriving.isTls ? 'https' : 'http', 'x-forwarded-for': '127.0.0.1' };
  const headers: Readonly<Record<string, string>> = isEdge === true ? { ...arriving.headers, ...seen } : { ...seen, ...arriving.headers };
  // What is asked about it makes no difference: it is redirected.
  if (served === undefined || (served.require_tls === 'ALL' && headers['x-forwarded-proto'] !== 'https')) return null;
  const service = filters.find(({ typed_config: { http_service: asked } }) => asked !== undefined)?.typed_config.http_service;
  if (service === undefined) return null;
  const allowed = new Set(service.authorization_request.allowed_headers.patterns.map(({ exact }) => exact));
  const passed = Object.fromEntries(Object.entries(headers).filter(([name]) => allowed.has(name)));
  return { path: `${service.path_prefix}${arriving.target}`, headers: { ...passed, host: arriving.host } };
}
