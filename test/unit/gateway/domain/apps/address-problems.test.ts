import { describe, expect, it } from 'vitest';
import { findAddressProblems, findRedirectProblem } from '#gateway/domain/apps/address-problems.ts';
import { APP_ADDRESSES_MAX, appDraftSchema, type AppKind } from '#gateway/domain/apps/added-app.ts';
import { someDraft } from '#test/support/oidc/some-app.ts';

const GATEWAY = 'https://gate.example.com';
const problem = (text: string, kind: AppKind = 'web'): string | null => findRedirectProblem(text, kind, GATEWAY);
const paths = (draft: ReturnType<typeof someDraft>) => findAddressProblems(draft, GATEWAY).map(({ path }) => path);

describe('an address that codes are sent to', () => {
  it.each([
    ['https://app.example.com/callback', 'web'],
    ['https://app.example.com/callback?tenant=7', 'web'],
    ['https://app.example.com:8443/', 'browser'],
    ['http://localhost:3000/callback', 'web'],
    ['http://127.0.0.1/', 'native'],
    ['http://[::1]:9999/back', 'native'],
    ['com.example.app:/callback', 'native'],
    ['https://app.example.com/claimed', 'native'],
  ] as const)('may be %s of a %s app', (text, kind) => {
    expect(problem(text, kind)).toBeNull();
  });

  it.each([
    ['https://*.example.com/callback', 'has a wildcard'],
    ['https://app.example.com/*', 'has a wildcard'],
    ['https://app.example.com/callback#part', 'has a fragment'],
    ['https://app.example.com/callback#', 'has a fragment'],
    ['http://app.example.com/callback', 'is not https'],
    ['http://localhost.example.com/callback', 'is not https'],
    ['http://0.0.0.0/callback', 'is not https'],
    ['http://10.0.0.1/callback', 'is not https'],
    ['https://user@app.example.com/callback', 'has a user name'],
    ['https://app.example.com@evil.example/callback', 'has a user name'],
    ['https://app.example.com/a/../callback', 'has dots'],
    ['https://app.example.com/a/./callback', 'has dots'],
    ['https://app.example.com\\@evil.example/', 'has a character'],
    ['https://app.example.com/call back', 'has a character'],
    [' https://app.example.com/callback', 'has a character'],
    ['https://app.example.com/callback\n', 'has a character'],
    ['https://app.exämple.com/callback', 'has a character'],
    ["https://app.example.com/'+alert(1)+'", 'has a character'],
    ['https://app.example.com/${7*7}', 'has a wildcard'],
    ['https://app.example.com/${7}', 'has a character'],
    ['javascript:alert(1)', 'is not https'],
    ['data:text/html,hello', 'is not https'],
    ['com.example.app:/callback', 'is not https'],
    ['/callback', 'is not an address'],
    ['callback', 'is not an address'],
    [`${GATEWAY}/api/session`, 'is an address of the gateway itself'],
  ])('is not %s, which %s', (text, said) => {
    expect(problem(text)).toContain(said);
  });

  it.each([
    ['myapp:/callback', 'has a scheme that is nobody’s'],
    ['javascript:alert(1)', 'has a scheme that is nobody’s'],
    ['http://app.example.com/', 'is not https'],
  ])('of a native app is not %s, which %s', (text, said) => {
    expect(problem(text, 'native')).toContain(said);
  });
});

describe('the addresses of an app', () => {
  it('fit a web app, a machine and a website', () => {
    expect(paths(someDraft())).toEqual([]);
    expect(paths(someDraft({ kind: 'machine', redirectUris: [] }))).toEqual([]);
    const website = someDraft({
      kind: 'website',
      redirectUris: [],
      origin: 'https://wiki.example.com',
      paths: ['/'],
      publicPaths: ['/health'],
    });
    expect(paths(website)).toEqual([]);
  });

  it.each([
    ['a web app without one', someDraft({ redirectUris: [] }), ['redirectUris']],
    ['a machine with one', someDraft({ kind: 'machine' }), ['redirectUris']],
    ['one that is there twice', someDraft({ redirectUris: ['https://a.example/', 'https://a.example/'] }), ['redirectUris.1']],
    ['a bad one after sign-out', someDraft({ postLogoutRedirectUris: ['http://a.example/'] }), ['postLogoutRedirectUris.0']],
    [
      'back-channel logout of a browser app',
      someDraft({ kind: 'browser', backchannelLogoutUri: 'https://a.example/' }),
      ['backchannelLogoutUri'],
    ],
    ['back-channel logout without TLS', someDraft({ backchannelLogoutUri: 'http://a.example/' }), ['backchannelLogoutUri']],
    ['back-channel logout at the gateway', someDraft({ backchannelLogoutUri: `${GATEWAY}/x` }), ['backchannelLogoutUri']],
    ['an origin of what is no website', someDraft({ origin: 'https://a.example' }), ['origin']],
    ['a website without an origin', someDraft({ kind: 'website', redirectUris: [], paths: ['/'] }), ['origin']],
    [
      'a website with a path as its origin',
      someDraft({ kind: 'website', redirectUris: [], origin: 'https://a.example/x', paths: ['/'] }),
      ['origin'],
    ],
    ['a website at the gateway', someDraft({ kind: 'website', redirectUris: [], origin: GATEWAY, paths: ['/'] }), ['origin']],
    [
      'a website at a host that no proxy can be told of',
      someDraft({ kind: 'website', redirectUris: [], origin: "https://a'b.example", paths: ['/'] }),
      ['origin'],
    ],
    [
      'a website with a line end in its path',
      someDraft({ kind: 'website', redirectUris: [], origin: 'https://a.example', paths: ['/a%0Ab'] }),
      ['paths.0'],
    ],
    ['a website of nothing', someDraft({ kind: 'website', redirectUris: [], origin: 'https://a.example' }), ['paths']],
    [
      'a path with dots',
      someDraft({ kind: 'website', redirectUris: [], origin: 'https://a.example', paths: ['/a/../b'], publicPaths: ['/x%2fy'] }),
      ['paths.0', 'publicPaths.0'],
    ],
  ])('are refused for %s', (_what, draft, fields) => {
    expect(paths(draft)).toEqual(fields);
  });

  it('are as many as may be, and not one more', () => {
    const uris = (count: number): string[] => Array.from({ length: count }, (_, index) => `https://a${String(index)}.example/`);
    expect(appDraftSchema.safeParse(someDraft({ redirectUris: uris(APP_ADDRESSES_MAX) })).success).toBe(true);
    expect(appDraftSchema.safeParse(someDraft({ redirectUris: uris(APP_ADDRESSES_MAX + 1) })).success).toBe(false);
  });
});
