import { describe, expect, it } from 'vitest';
import { parseConfig } from '#gateway/platform/config/load-config.ts';
import { UPSTREAM_DOMAINS_MAX, UPSTREAM_RATINGS_MAX, UPSTREAMS_MAX } from '#gateway/platform/config/upstream-schema.ts';

const corp = (change: object = {}) => ({
  id: 'corp',
  name: 'Example Corp',
  issuer: 'https://login.example.org/tenant',
  client_id: 'gatehouse',
  account: { email_domains: ['example.org'] },
  ...change,
});
const problems = (...upstreams: readonly object[]): string => {
  try {
    parseConfig({ upstreams });
    return '';
  } catch (failure) {
    return String(failure);
  }
};

describe('upstreams of the configuration', () => {
  it('reads one with what is left out set the careful way', () => {
    expect(parseConfig({ upstreams: [corp({ scopes: ['email'] })] }).upstreams).toEqual([
      {
        id: 'corp',
        name: 'Example Corp',
        issuer: 'https://login.example.org/tenant',
        clientId: 'gatehouse',
        clientAuth: 'secret_basic',
        idTokenAlg: 'RS256',
        scopes: ['openid', 'email'],
        mode: 'before_passkey',
        account: { claim: 'email', is: 'email', emailDomains: ['example.org'], create: false },
        ratings: [],
        maxAgeS: 28_800,
      },
    ]);
  });

  it('takes no authentication that is older than a session here lives', () => {
    const { upstreams } = parseConfig({ upstreams: [corp({ max_age_s: 86_400 })], oidc: { session_ttl_s: 3_600 } });
    expect(upstreams[0]?.maxAgeS).toBe(3_600);
  });

  it.each([
    ['a plain http issuer beyond localhost', corp({ issuer: 'http://login.example.org' }), 'upstreams[0].issuer'],
    ['an issuer with a query', corp({ issuer: 'https://login.example.org?tenant=1' }), 'upstreams[0].issuer'],
    ['e-mail addresses of any domain', corp({ account: {} }), 'upstreams[0].account.email_domains'],
    [
      'e-mail addresses of another claim',
      corp({ account: { claim: 'upn', email_domains: ['example.org'] } }),
      'upstreams[0].account.claim',
    ],
    ['a domain that is none', corp({ account: { email_domains: ['localhost'] } }), 'upstreams[0].account.email_domains[0]'],
    ['a rating of every sign-in', corp({ mode: 'instead_of_passkey', ratings: [{ gives: 'aal3' }] }), 'upstreams[0].ratings[0].amr'],
    ['ratings that count for nothing', corp({ ratings: [{ amr: ['mfa'], gives: 'aal2' }] }), 'upstreams[0].ratings'],
    ['ID tokens without a signature', corp({ id_token_alg: 'none' }), 'upstreams[0].id_token_alg'],
    ['ID tokens signed with the secret', corp({ id_token_alg: 'HS256' }), 'upstreams[0].id_token_alg'],
    ['a secret in the file', corp({ client_secret: 'hunter2' }), 'upstreams[0].client_secret'],
  ])('refuses %s', (_name, upstream, field) => {
    expect(problems(upstream)).toContain(field);
  });

  it('refuses two of one id, and two of one client at one issuer', () => {
    expect(problems(corp(), corp({ client_id: 'other' }))).toContain('upstreams[1].id');
    expect(problems(corp(), corp({ id: 'corp-2' }))).toContain('upstreams[1].client_id');
    expect(problems(corp(), corp({ id: 'corp-2', client_id: 'other' }))).toBe('');
  });

  it('takes as many of each as allowed, and refuses one more', () => {
    const upstreams = (count: number) =>
      Array.from({ length: count }, (_, i) => corp({ id: `corp-${String(i)}`, client_id: `c${String(i)}` }));
    expect(problems(...upstreams(UPSTREAMS_MAX))).toBe('');
    expect(problems(...upstreams(UPSTREAMS_MAX + 1))).toContain('upstreams');
    const domains = (count: number) => corp({ account: { email_domains: Array.from({ length: count }, (_, i) => `d${String(i)}.org`) } });
    expect(problems(domains(UPSTREAM_DOMAINS_MAX))).toBe('');
    expect(problems(domains(UPSTREAM_DOMAINS_MAX + 1))).toContain('email_domains');
    const rated = (count: number) =>
      corp({ mode: 'instead_of_passkey', ratings: Array.from({ length: count }, () => ({ amr: ['mfa'], gives: 'aal2' })) });
    expect(problems(rated(UPSTREAM_RATINGS_MAX))).toBe('');
    expect(problems(rated(UPSTREAM_RATINGS_MAX + 1))).toContain('ratings');
  });
});
