import type { IncomingMessage } from 'node:http';
import { expect, it } from 'vitest';
import { createClientAddresses, PROXY_HOPS_MAX } from '#gateway/http/middleware/client-ip.ts';

function requestFrom(remoteAddress: string | undefined, forwardedFor?: string): IncomingMessage {
  // Only what is read of a request.
  return { socket: { remoteAddress }, headers: forwardedFor === undefined ? {} : { 'x-forwarded-for': forwardedFor } } as IncomingMessage;
}

const addresses = createClientAddresses(['127.0.0.0/8', '10.0.0.0/8', 'fd00::/8']);

it.each([
  ['the peer when it is no proxy', '192.0.2.1', '198.51.100.9', '192.0.2.1'],
  ['null when a proxy names nobody', '127.0.0.1', undefined, null],
  ['null when a proxy names nobody in its header', '127.0.0.1', ' , ', null],
  ['what a trusted proxy says', '127.0.0.1', '198.51.100.9', '198.51.100.9'],
  ['the nearest address that is no proxy', '127.0.0.1', '203.0.113.66, 198.51.100.9, 10.1.1.1', '198.51.100.9'],
  ['null when all are proxies', '127.0.0.1', '10.0.0.2, 10.0.0.1', null],
  ['a mapped address as IPv4', '::ffff:127.0.0.1', '::ffff:198.51.100.9', '198.51.100.9'],
  ['IPv6 behind an IPv6 proxy', 'fd00::1', '2001:db8::7', '2001:db8::7'],
  ['null when a proxy says something unreadable', '127.0.0.1', 'unknown', null],
  ['null at a Unix socket', undefined, '198.51.100.9', null],
])('takes %s', (_what, peer, forwardedFor, expected) => {
  expect(addresses.clientIp(requestFrom(peer, forwardedFor))).toBe(expected);
});

it('looks through so many proxies and no more', () => {
  const proxies = (count: number): string => Array.from({ length: count }, (_unused, index) => `10.0.0.${String(index + 1)}`).join(', ');

  expect(addresses.clientIp(requestFrom('127.0.0.1', `192.0.2.1, ${proxies(PROXY_HOPS_MAX - 1)}`))).toBe('192.0.2.1');
  expect(addresses.clientIp(requestFrom('127.0.0.1', `192.0.2.1, ${proxies(PROXY_HOPS_MAX)}`))).toBeNull();
});

it('refuses a proxy list that is none', () => {
  expect(() => createClientAddresses(['localhost'])).toThrow(TypeError);
});

it('tells proxies from clients', () => {
  expect(['127.0.0.1', '::ffff:10.0.0.1', 'fd00::1', '192.0.2.1', ''].map((address) => addresses.isProxy(address))).toEqual([
    true,
    true,
    true,
    false,
    false,
  ]);
});
