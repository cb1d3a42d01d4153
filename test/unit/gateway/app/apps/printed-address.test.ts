import { describe, expect, it } from 'vitest';
import { clientSettings } from '#gateway/app/apps/client-settings.ts';
import { someFacts } from '#test/support/oidc/some-app.ts';

const FACTS = { kind: 'website', origin: 'https://wiki.example.com', issuer: 'https://gatehouse.example.com/oidc' } as const;

function printed(id: string, listen: { readonly host: string; readonly port: number }) {
  const setting = clientSettings(someFacts({ ...FACTS, listen })).find((one) => one.id === id);
  return { text: setting?.files.map(({ text }) => text).join('\n') ?? '', notes: setting?.notes.join(' ') ?? '' };
}

describe.each([
  { id: 'nginx', line: (address: string) => `    server ${address};\n` },
  { id: 'caddy', line: (address: string) => `\timport gatehouse ${address} wiki.example.com\n` },
  { id: 'traefik', line: (address: string) => `        address: http://${address}/api/authz/forward-auth\n` },
])('the settings for $id of a gateway behind https', ({ id, line }) => {
  it.each([
    [{ host: '10.0.0.2', port: 8_080 }, '10.0.0.2:8080'],
    [{ host: 'fd00::2', port: 8_080 }, '[fd00::2]:8080'],
    [{ host: 'gatehouse.internal', port: 9_000 }, 'gatehouse.internal:9000'],
  ])('name where it listens, and not where browsers come: %o', (listen, address) => {
    const { notes, text } = printed(id, listen);
    expect(text).toContain(line(address));
    expect(text).not.toContain('gatehouse.example.com');
    expect(notes).not.toMatch(/plain http|its own computer/);
  });

  it.each(['127.0.0.1', 'localhost', '::1'])('say that only a proxy beside it reaches it at %s', (host) => {
    const { notes, text } = printed(id, { host, port: 8_080 });
    expect(text).toContain(line(host === '::1' ? '[::1]:8080' : `${host}:8080`));
    expect(notes).toContain('on its own computer only');
  });

  it.each([
    [{ host: '0.0.0.0', port: 8_080 }, 'GATEWAY-HOST:8080'],
    [{ host: '::', port: 8_080 }, 'GATEWAY-HOST:8080'],
    [{ host: '10.0.0.2', port: 0 }, '10.0.0.2:GATEWAY-PORT'],
  ])('leave a place for the address that nobody but the operator knows: %o', (listen, address) => {
    const { notes, text } = printed(id, listen);
    expect(text).toContain(line(address));
    expect(notes).toContain(`Write for ${address} where the proxy reaches the gateway itself, in plain http`);
  });
});
