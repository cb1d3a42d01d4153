import { describe, expect, it } from 'vitest';
import { parseConfig } from '#gateway/platform/config/load-config.ts';
import { PATHS_PER_WEBSITE_MAX, WEBSITES_MAX } from '#gateway/platform/config/website-schema.ts';

const PROXY = { trusted_proxies: ['10.0.0.5/32'] };
const website = (change: object = {}) => ({ id: 'wiki', name: 'Wiki', origin: 'https://wiki.example.com', ...change });
const parse = (...websites: readonly object[]) => parseConfig({ ...PROXY, websites });

describe('websites', () => {
  it('are the whole of their origin unless they say less, and apps of the installation', () => {
    const config = parse(website({ sensitivity: 3 }));
    expect(config.websites).toEqual([
      { appId: 'wiki', name: 'Wiki', clientId: 'website:wiki', origin: 'https://wiki.example.com', paths: ['/'], publicPaths: [] },
    ]);
    expect(config.installation.apps).toMatchObject([{ id: 'wiki', clientId: 'website:wiki', sensitivity: 3 }]);
  });

  it.each([
    ['a path in the origin', { origin: 'https://wiki.example.com/' }, 'origin'],
    ['plain http beyond this machine', { origin: 'http://wiki.example.com' }, 'origin'],
    ['an origin in capitals', { origin: 'https://Wiki.example.com' }, 'origin'],
    ['a host that no proxy can be told of', { origin: 'https://a{b.example.com' }, 'origin'],
    ['a host of two words', { origin: 'https://a;b.example.com' }, 'origin'],
    ['no path', { paths: [] }, 'paths'],
    ['a path with a space', { paths: ['/a b'] }, 'paths[0]'],
    ['a path with a line end', { paths: ['/a%0Ab'] }, 'paths[0]'],
    ['a path that is not UTF-8', { paths: ['/%FF'] }, 'paths[0]'],
    ['a path of two readings', { paths: ['/a/../b'] }, 'paths[0]'],
    ['a public path with a query', { public_paths: ['/a?b'] }, 'public_paths[0]'],
    ['a misspelt field', { public_path: ['/a'] }, 'public_path'],
    ['an unknown site', { site: 'x' }, 'site'],
    ['an unknown area', { requires_area: 'x' }, 'requires_area'],
  ])('are refused with %s', (_name, change, field) => {
    expect(() => parse(website(change))).toThrow(field.startsWith('public_path') && !field.includes('[') ? field : `websites[0].${field}`);
  });

  it('share an origin, not a path, an id, or the name of an app', () => {
    expect(parse(website(), website({ id: 'admin', paths: ['/admin'] })).websites).toHaveLength(2);
    expect(() => parse(website(), website({ id: 'admin' }))).toThrow('websites[1].paths[0]');
    expect(() => parse(website(), website({ origin: 'https://b.example.com' }))).toThrow('websites[1].id');
    const app = { id: 'wiki', name: 'W', client_id: 'w', public: true, redirect_uris: ['https://w.example/cb'] };
    expect(() => parseConfig({ ...PROXY, apps: [app], websites: [website()] })).toThrow('websites[0].id');
    expect(() => parseConfig({ ...PROXY, apps: [{ ...app, id: 'a', client_id: 'website:wiki' }], websites: [website()] })).toThrow(
      'apps[0].client_id',
    );
  });

  it('need a proxy that may ask, and an origin that is not the gateway’s', () => {
    expect(() => parseConfig({ websites: [website()] })).toThrow('trusted_proxies');
    expect(() => parseConfig({ ...PROXY, public_url: 'https://wiki.example.com', websites: [website()] })).toThrow('websites[0].origin');
  });

  it('are so many at most, with so many paths', () => {
    const many = (count: number) =>
      Array.from({ length: count }, (_, i) => website({ id: `w${String(i)}`, origin: `https://w${String(i)}.example` }));
    expect(parse(...many(WEBSITES_MAX)).websites).toHaveLength(WEBSITES_MAX);
    expect(() => parse(...many(WEBSITES_MAX + 1))).toThrow('websites');
    const paths = (count: number) => Array.from({ length: count }, (_, i) => `/p${String(i)}`);
    expect(parse(website({ paths: paths(PATHS_PER_WEBSITE_MAX) })).websites[0]?.paths).toHaveLength(PATHS_PER_WEBSITE_MAX);
    expect(() => parse(website({ paths: paths(PATHS_PER_WEBSITE_MAX + 1) }))).toThrow('websites[0].paths');
  });
});
