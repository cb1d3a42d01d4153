import type { Request } from 'express';
import { describe, expect, it } from 'vitest';
import { cookieNameOf, cookieOptions, readCookie } from '#gateway/http/session-cookie.ts';

const sending = (cookie?: string): Request => ({ headers: { cookie } }) as unknown as Request;

describe('the cookies of the gateway', () => {
  it('belong to this host alone, over TLS, and no page’s script reads them', () => {
    expect([cookieNameOf('https://gate.example', 'console'), cookieNameOf('https://gate.example', 'me')]).toEqual([
      '__Host-gatehouse-console',
      '__Host-gatehouse-me',
    ]);
    expect(cookieOptions('https://gate.example')).toEqual({ httpOnly: true, sameSite: 'strict', secure: true, path: '/' });
  });

  it('do without TLS on this machine only', () => {
    expect(cookieNameOf('http://localhost:8080', 'me')).toBe('gatehouse-me');
    expect(cookieOptions('http://localhost:8080')).toMatchObject({ secure: false, httpOnly: true, sameSite: 'strict' });
  });

  it('are found by their whole name', () => {
    expect(readCookie(sending('a=1; gatehouse-me=secret; b=2'), 'gatehouse-me')).toBe('secret');
    expect(readCookie(sending('x-gatehouse-me=other'), 'gatehouse-me')).toBeNull();
    expect(readCookie(sending('gatehouse-me-too=other'), 'gatehouse-me')).toBeNull();
    expect(readCookie(sending(), 'gatehouse-me')).toBeNull();
  });
});
