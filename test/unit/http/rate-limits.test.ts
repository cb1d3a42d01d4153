import type { IncomingMessage } from 'node:http';
import { expect, it } from 'vitest';
import { GatewayError } from '#gateway/domain/errors.ts';
import { createRateLimits, PERSON_RATE_LIMITS, RATE_LIMITS, RATE_WINDOW_S } from '#gateway/http/middleware/rate-limits.ts';

// The limits read nothing of a request but what `clientIp` makes of it.
const from = (ip: string | null): IncomingMessage => ({ ip }) as unknown as IncomingMessage;
let nowMs = 1_000_000;
const clock = { nowMs: () => nowMs };
const addresses = { clientIp: (request: unknown) => (request as { ip: string | null }).ip };
const limited = (max: number) =>
  createRateLimits(addresses, clock, {
    perAddress: { ...RATE_LIMITS, challenge: max, failedCeremony: max },
    perPerson: { ...PERSON_RATE_LIMITS, ownChange: max },
  });
const refused = { code: 'request.rate_limited' };
const failing = () => Promise.reject(new GatewayError('authentication.failed', 'no'));

it('lets an address ask as often as its limit says and no more', async () => {
  const limits = limited(2);
  await limits.count('challenge', from('192.0.2.1'));
  await limits.count('challenge', from('192.0.2.1'));
  await expect(limits.count('challenge', from('192.0.2.1'))).rejects.toMatchObject(refused);
  await limits.count('challenge', from('192.0.2.2'));
});

it('says when to come again, and lets the address ask again then', async () => {
  const limits = limited(1);
  await limits.count('challenge', from('192.0.2.1'));
  nowMs += 1_000;
  await expect(limits.count('challenge', from('192.0.2.1'))).rejects.toMatchObject({ ...refused, retryAfterS: RATE_WINDOW_S - 1 });
  nowMs += (RATE_WINDOW_S - 1) * 1_000;
  await limits.count('challenge', from('192.0.2.1'));
});

it('counts an IPv6 network of 64 bits as one', async () => {
  const limits = limited(2);
  await limits.count('challenge', from('2001:db8::1'));
  await limits.count('challenge', from('2001:db8::2'));
  await expect(limits.count('challenge', from('2001:db8::3'))).rejects.toMatchObject(refused);
  await limits.count('challenge', from('2001:db8:0:1::1'));
});

it('counts refused work only, up to its limit', async () => {
  const limits = limited(2);
  const ip = from('192.0.2.1');
  for (let index = 0; index < 5; index += 1) expect(await limits.countFailure('failedCeremony', ip, async () => 'in')).toBe('in');
  await expect(limits.countFailure('failedCeremony', ip, () => Promise.reject(new Error('the store is down')))).rejects.toThrow('down');
  for (let index = 0; index < 2; index += 1) {
    await expect(limits.countFailure('failedCeremony', ip, failing)).rejects.toMatchObject({ code: 'authentication.failed' });
  }
  await expect(limits.countFailure('failedCeremony', ip, async () => 'in')).rejects.toMatchObject(refused);
});

it('lets no burst of guesses in parallel pass its limit', async () => {
  const limits = limited(3);
  const guesses = await Promise.allSettled(
    Array.from({ length: 20 }, () => limits.countFailure('failedCeremony', from('192.0.2.1'), failing)),
  );
  const codes = guesses.map((guess) => (guess.status === 'rejected' ? (guess.reason as GatewayError).code : ''));
  expect(codes.filter((code) => code === 'authentication.failed')).toHaveLength(3);
});

it('counts a person wherever they are, and nobody else', async () => {
  const limits = limited(2);
  await limits.countPerson('ownChange', 'person_ann');
  await limits.countPerson('ownChange', 'person_ann');
  await expect(limits.countPerson('ownChange', 'person_ann')).rejects.toMatchObject(refused);
  await limits.countPerson('ownChange', 'person_bob');
  await limits.countPerson('own', 'person_ann');
});
