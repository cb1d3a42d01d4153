import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AppId } from '#gateway/domain/site/ids.ts';
import {
  findWebsite,
  isPublicPath,
  isSitePrefix,
  readSitePath,
  SITE_TARGET_CHARS_MAX,
  type Website,
} from '#gateway/domain/site/website.ts';

const origin = 'https://wiki.example';
const site = (id: string, paths: readonly string[], publicPaths: readonly string[] = []): Website => ({
  appId: id as AppId,
  name: id,
  clientId: `website:${id}`,
  origin,
  paths,
  publicPaths,
});

describe('a path that a website is made of', () => {
  it.each(['/', '/admin', '/caf%C3%A9', '/a%20b', '/{x}', "/it's", '/a$b', '/@ann', '/a"b', '/a%7Bb'])('may be %s', (path) => {
    expect(isSitePrefix(path)).toBe(true);
  });

  it.each(['/a b', '/a/../b', '/a%0Ab', '/a%1F', '/a%7F', '/%FF', '/%C3', '/%c3%a9', '/a?b'])('is not %s', (path) => {
    expect(isSitePrefix(path)).toBe(false);
  });

  it('is the same however a browser or a program escapes it', () => {
    for (const character of `!"$&'()*+,:<=>@[]^\`{|}`) {
      const escape = `%${character.charCodeAt(0).toString(16).toUpperCase()}`;
      for (const [configured, asked] of [
        [character, escape],
        [escape, character],
      ]) {
        const sites = [site('all', ['/']), site('own', [`/own${configured}`])];
        expect(findWebsite(sites, origin, readSitePath(`/own${asked}/x`) ?? '')?.appId, character).toBe('own');
      }
    }
  });

  it('is public as it is written, and in no other spelling', () => {
    const wiki = site('wiki', ['/'], ['/open@x', '/free%7Bx']);
    expect(['/open@x/y', '/free%7Bx'].map((path) => isPublicPath(wiki, path))).toEqual([true, true]);
    expect(['/open%40x/y', '/free{x'].map((path) => isPublicPath(wiki, path))).toEqual([false, false]);
  });

  it('keeps the escapes that stand for something else than the character', () => {
    const sites = [site('all', ['/']), site('own', ['/own%20x'])];
    expect(findWebsite(sites, origin, '/own%20x')?.appId).toBe('own');
    for (const escape of ['%3F', '%23', '%3B'])
      expect(findWebsite([site('own', [`/a${escape}`])], origin, `/a${escape}`)?.appId).toBe('own');
  });
});

describe('the path of a request', () => {
  it.each(['/', '/a/b', '/a%20b', '/%C3%A4', '/.well-known/x', '/a..b', '/...'])('%s is one', (target) => {
    expect(readSitePath(target)).toBe(target);
  });

  it('has its escapes in capitals', () => {
    expect(readSitePath('/%c3%a4')).toBe('/%C3%A4');
  });

  it('escapes only what needs it: every letter, digit and other unreserved character stands for itself', () => {
    for (let code = 0; code < 128; code += 1) {
      const character = String.fromCharCode(code);
      const escape = `%${code.toString(16).padStart(2, '0')}`;
      if (/[A-Za-z0-9\-._~/\\%]/.test(character)) expect(readSitePath(`/a${escape}`), character).toBeNull();
    }
    expect(readSitePath('/a%20b')).toBe('/a%20b');
    expect(readSitePath('/a%3Ab')).toBe('/a%3Ab');
  });

  it('ends before the query and the fragment', () => {
    expect(readSitePath('/a?x=/../b')).toBe('/a');
    for (const target of ['/a#/../b', '/a#', '/a?x#y']) expect(readSitePath(target)).toBeNull();
  });

  it.each([
    '',
    'a',
    'https://x/',
    '/a/../admin',
    '/a/.',
    '/..',
    '/a//b',
    '//evil',
    '/a\\b',
    '/%2e%2e/admin',
    '/a%2Fb',
    '/a%5cb',
    '/%252e',
    '/a;b',
    '/a\u0000',
    '/ä',
    '/a b',
    '/%00',
    '/%61dmin',
    '/%41dmin',
    '/%7Aoo',
    '/%7euser',
    '/%30',
    '/a%',
    '/a%2',
    '/a%zz',
  ])('%j can be read in two ways, or is none', (target) => {
    expect(readSitePath(target)).toBeNull();
  });

  it('is looked at up to its longest, and not beyond', () => {
    const longest = `/${'a'.repeat(SITE_TARGET_CHARS_MAX - 1)}`;
    expect(readSitePath(longest)).toBe(longest);
    expect(readSitePath(`${longest}a`)).toBeNull();
  });

  it('is what a URL parser makes of it, whenever it is one at all', () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom('a', '/', '.', '%', '2', 'e', 'f', '5', 'c', '\\', ';', '?', 'B'), { maxLength: 14 }),
        (parts) => {
          const target = `/${parts.join('')}`;
          const path = readSitePath(target);
          if (path !== null) expect(new URL(target, origin).pathname.toUpperCase()).toBe(path.toUpperCase());
        },
      ),
      { numRuns: 5_000 },
    );
  });
});

describe('the website of a path', () => {
  const websites = [site('wiki', ['/']), site('admin', ['/admin', '/settings/users'])];

  it.each([
    ['/', 'wiki'],
    ['/admin', 'admin'],
    ['/admin/', 'admin'],
    ['/admin/users', 'admin'],
    ['/administration', 'wiki'],
    ['/settings', 'wiki'],
    ['/settings/users/7', 'admin'],
  ])('%s belongs to %s', (path, id) => {
    expect(findWebsite(websites, origin, path)?.appId).toBe(id);
  });

  it('is none where letters alone make the difference between two websites', () => {
    for (const path of ['/Admin', '/ADMIN/users', '/settings/Users']) expect(findWebsite(websites, origin, path)).toBeNull();
    expect(findWebsite(websites, origin, '/Pages')?.appId).toBe('wiki');
    expect(findWebsite([site('wiki', ['/Wiki'])], origin, '/wiki')).toBeNull();
  });

  it('is none at another origin, or outside every path', () => {
    expect(findWebsite(websites, 'http://wiki.example', '/')).toBeNull();
    expect(findWebsite([site('admin', ['/admin'])], origin, '/')).toBeNull();
  });

  it('is public in whole segments only', () => {
    const website = site('wiki', ['/'], ['/health']);
    expect(['/health', '/health/live', '/healthy', '/'].map((path) => isPublicPath(website, path))).toEqual([true, true, false, false]);
  });
});
