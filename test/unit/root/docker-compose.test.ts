import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { parseConfig } from '#gateway/platform/config/load-config.ts';

const ROOT = join(import.meta.dirname, '..', '..', '..');

const composeSchema = z.object({
  services: z.object({
    gatehouse: z.object({
      build: z.object({ dockerfile_inline: z.string() }),
      user: z.string(),
      read_only: z.boolean(),
      cap_drop: z.array(z.string()),
      security_opt: z.array(z.string()),
      ports: z.array(z.string()),
      volumes: z.array(z.string()),
      environment: z.record(z.string(), z.string()),
      healthcheck: z.object({ test: z.array(z.string()) }),
    }),
  }),
  volumes: z.record(z.string(), z.unknown()),
});

const compose = composeSchema.parse(parse(readFileSync(join(ROOT, 'docker-compose.yml'), 'utf8')));
const { gatehouse } = compose.services;
const { dockerfile_inline: dockerfile } = gatehouse.build;

/** As the engine does: `${NAME:-default}`, and `${NAME:+value}`, in which `${NAME:?why}` ends the start. */
function interpolate(given: Readonly<Record<string, string>>): Record<string, string> {
  const fill = (value: string): string =>
    value
      .replace(/\$\{(\w+):\+(.*)\}$/, (_all, name: string, inner: string) => (given[name] === undefined ? '' : inner))
      .replace(/\$\{(\w+):-([^}]*)\}/g, (_all, name: string, standard: string) => given[name] ?? standard)
      .replace(/\$\{(\w+):\?([^}]*)\}/g, (_all, name: string, why: string) => given[name] ?? refuse(why));
  return Object.fromEntries(Object.entries(gatehouse.environment).map(([name, value]) => [name, fill(value)]));
}
function refuse(why: string): never {
  throw new Error(why);
}
const environment = interpolate({});

describe('the container', () => {
  it('runs as an ordinary user, without capabilities, on a read-only root', () => {
    expect(gatehouse.user).toBe('1000:1000');
    expect(dockerfile).toMatch(/\nUSER node\n/);
    expect(gatehouse).toMatchObject({ read_only: true, cap_drop: ['ALL'], security_opt: ['no-new-privileges:true'] });
  });

  it('is published on loopback only, which is the exception it names', () => {
    expect(gatehouse.ports.every((port) => port.startsWith('127.0.0.1:'))).toBe(true);
    const config = parseConfig({}, environment);
    expect(config).toMatchObject({ listen: { host: '0.0.0.0', port: 8_080 }, dataDir: '/data', publicUrl: 'http://localhost:8080' });
  });

  it('wants to know the proxy in front of a public address', () => {
    const publicUrl = { GATEHOUSE_PUBLIC_URL: 'https://gatehouse.example' };
    expect(() => interpolate(publicUrl)).toThrow(/name the network of the proxy/);
    const config = parseConfig({}, interpolate({ ...publicUrl, GATEHOUSE_TRUSTED_PROXIES: '172.18.0.0/16' }));
    expect(config).toMatchObject({ publicUrl: 'https://gatehouse.example', trustedProxies: ['172.18.0.0/16'] });
  });

  it('keeps its data in a volume of its own', () => {
    expect(gatehouse.volumes).toContain('data:/data');
    expect(compose.volumes).toHaveProperty('data');
  });

  it('is healthy when the gateway is ready', () => {
    expect(gatehouse.healthcheck.test.join(' ')).toContain(`127.0.0.1:${environment['GATEHOUSE_LISTEN_PORT'] ?? ''}/readyz`);
  });

  it('is built from Node 24 and from files that exist', () => {
    const bases = [...dockerfile.matchAll(/^FROM (\S+)/gm)].map((match) => match[1]);
    expect(bases).toEqual(['node:24-slim', 'node:24-slim']);
    const copied = [...dockerfile.matchAll(/^COPY --from=build \/app\/(\S+)/gm)].map((match) => match[1] ?? '');
    const made = ['node_modules', 'admin-ui/dist'];
    expect(copied.filter((path) => !made.includes(path) && !existsSync(join(ROOT, path)))).toEqual([]);
    expect(copied).toContain('policies');
  });
});
