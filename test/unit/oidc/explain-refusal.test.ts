import { describe, expect, it } from 'vitest';
import { explainRefusal, presentable, PRESENTED_CHARS_MAX } from '#gateway/oidc/sign-in/explain-refusal.ts';

const REQUEST = { redirectUri: 'https://a.example/back', clientId: 'board' };
const explain = (failure: Parameters<typeof explainRefusal>[0], hasSecret: boolean | null = true) =>
  explainRefusal(failure, REQUEST, hasSecret);

describe('a refusal of the provider', () => {
  it.each([
    ['invalid_client', 'jwt expired', 'clock'],
    ['invalid_client', 'jwt not active yet', 'clock'],
    ['invalid_dpop_proof', 'DPoP proof iat is not recent enough', 'clock'],
    ['invalid_grant', 'authorization code redirect_uri mismatch', 'token_redirect_uri'],
    ['unsupported_response_type', '', 'response_type'],
    ['unsupported_grant_type', '', 'grant'],
    ['invalid_scope', '', 'scope'],
    ['invalid_request', 'something else', 'other'],
  ])('%s (%s) is %s', (error, error_detail, code) => {
    expect(explain({ error, error_detail })).toMatchObject({ code });
  });

  it.each(['login_required', 'interaction_required', 'authorization_pending', 'slow_down', 'use_dpop_nonce'])('%s is none', (error) => {
    expect(explain({ error })).toBeNull();
  });

  it('about the method depends on what the app has', () => {
    const mismatch = {
      error: 'invalid_client',
      error_detail: 'the provided authentication mechanism does not match the registered client authentication method',
    };
    expect(explain(mismatch, true)).toEqual({ code: 'secret_missing' });
    expect(explain(mismatch, false)).toEqual({ code: 'secret_unexpected' });
  });
});

describe('what an app presents', () => {
  it('is kept as long as it may be, and not one character more', () => {
    expect(presentable('a'.repeat(PRESENTED_CHARS_MAX))).toHaveLength(PRESENTED_CHARS_MAX);
    expect(presentable('a'.repeat(PRESENTED_CHARS_MAX + 1))).toHaveLength(PRESENTED_CHARS_MAX);
  });

  it('has no character that a terminal or a browser could take for more than text', () => {
    expect(presentable('a\u001b[2Jb\u202ec\n')).toBe('a�[2Jb�c�');
  });
});
