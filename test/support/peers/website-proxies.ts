import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startProgram, type ChildProgram } from '../child-programs.ts';
import { CADDY, NGINX, requirePeer } from './peers.ts';
import { until } from '../running-gateway.ts';

const SHIPPED = fileURLToPath(new URL('../../../adapters/proxies', import.meta.url));

export interface Backend {
  readonly port: number;
  /** What reached it, newest last. */
  readonly requests: { readonly method: string; readonly url: string; readonly headers: IncomingHttpHeaders }[];
  close(): Promise<void>;
}

/** The web application behind the proxy: answers 200 to everything. */
export async function startBackend(): Promise<Backend> {
  const requests: Backend['requests'] = [];
  const server = createServer((request, response) => {
    requests.push({ method: request.method ?? '', url: request.url ?? '', headers: request.headers });
    request.resume();
    response.writeHead(200, { 'content-type': 'text/html' }).end('<h1>Wiki</h1>');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    requests,
    close: async () => {
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

export interface Proxy {
  readonly name: string;
  close(): Promise<void>;
}

interface ProxyPlan {
  readonly folder: string;
  /** Where browsers reach the website. */
  readonly port: number;
  readonly gatewayPort: number;
  readonly backendPort: number;
}

async function untilItListens(program: ChildProgram, port: number): Promise<void> {
  await until(`the proxy listens on its port: ${program.output()}`, 15_000, async () => {
    if (program.hasEnded()) throw new Error(`the proxy ended: ${program.output()}`);
    const socket = connect(port, '127.0.0.1');
    const opened = await Promise.race([once(socket, 'connect').then(() => true), once(socket, 'error').then(() => false)]).catch(
      () => false,
    );
    socket.destroy();
    return opened ? true : null;
  });
}

/** nginx with the shipped files. */
export async function startNginx({ backendPort, folder, gatewayPort, port }: ProxyPlan): Promise<Proxy> {
  const site = `upstream gatehouse { server 127.0.0.1:${String(gatewayPort)}; keepalive 4; }
  server {
    set $gatehouse_scheme http;
    set $gatehouse_host localhost:${String(port)};
    include gatehouse.conf;
    location / { include gatehouse-protect.conf; proxy_pass http://127.0.0.1:${String(backendPort)}; }
  }`;
  return startNginxSite({ folder, port, site });
}

/** nginx with the files for what is configured for oauth2-proxy. */
export async function startNginxOfOauth2Proxy({ backendPort, folder, gatewayPort, port }: ProxyPlan): Promise<Proxy> {
  const site = `upstream gatehouse { server 127.0.0.1:${String(gatewayPort)}; keepalive 4; }
  server {
    set $gatehouse_scheme http;
    set $gatehouse_host localhost:${String(port)};
    include gatehouse-oauth2.conf;
    location / { include gatehouse-oauth2-protect.conf; proxy_pass http://127.0.0.1:${String(backendPort)}; }
  }`;
  return startNginxSite({ folder, port, site });
}

/** nginx with `upstream` and `server` blocks that somebody wrote: only where it listens is added, and where the shipped files are. */
export async function startNginxSite({ folder, port, site }: { folder: string; port: number; site: string }): Promise<Proxy> {
  const path = (name: string): string => join(folder, name);
  for (const name of ['body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']) mkdirSync(path(name), { recursive: true });
  const placed = site
    .replace(/server \{\n/, `server {\n    listen 127.0.0.1:${String(port)};\n`)
    .replaceAll(/include (gatehouse-oauth2[\w-]*\.conf);/g, `include ${SHIPPED}/oauth2-proxy/$1;`)
    .replaceAll(/include (gatehouse[\w-]*\.conf);/g, `include ${SHIPPED}/nginx/$1;`);
  writeFileSync(
    path('nginx.conf'),
    `daemon off; worker_processes 1; pid ${path('pid')}; error_log stderr;
events {}
http {
  access_log off;
  client_body_temp_path ${path('body')}; proxy_temp_path ${path('proxy')}; fastcgi_temp_path ${path('fastcgi')};
  uwsgi_temp_path ${path('uwsgi')}; scgi_temp_path ${path('scgi')};
  ${placed}
}
`,
  );
  const program = startProgram(requirePeer(NGINX), ['-p', folder, '-c', path('nginx.conf'), '-e', 'stderr']);
  await untilItListens(program, port);
  return { name: 'nginx', close: () => program.end() };
}

/** Caddy with the shipped snippet. */
export async function startCaddy({ backendPort, folder, gatewayPort, port }: ProxyPlan): Promise<Proxy> {
  const site = `import gatehouse.caddy

http://localhost:${String(port)} {
	import gatehouse 127.0.0.1:${String(gatewayPort)} localhost:${String(port)}
	reverse_proxy 127.0.0.1:${String(backendPort)}
}
`;
  return startCaddySite({ folder, port, site });
}

/** Caddy with a Caddyfile of one site that somebody wrote: only where it listens is added, and where the shipped snippet is. */
export async function startCaddySite({ folder, port, site }: { folder: string; port: number; site: string }): Promise<Proxy> {
  const file = join(folder, 'Caddyfile');
  const placed = site
    .replace('import gatehouse.caddy', `import ${SHIPPED}/caddy/gatehouse.caddy`)
    .replace(/^(http\S+) \{\n/m, '$1 {\n\tbind 127.0.0.1\n');
  writeFileSync(file, `{\n\tadmin off\n\tauto_https off\n}\n${placed}`);
  const env = { ...process.env, HOME: folder, XDG_CONFIG_HOME: folder, XDG_DATA_HOME: folder };
  const program = startProgram(requirePeer(CADDY), ['run', '--config', file, '--adapter', 'caddyfile'], { env });
  await untilItListens(program, port);
  return { name: 'Caddy', close: () => program.end() };
}
