import { expect, it } from 'vitest';
import { z } from 'zod';
import { createSystemRandom } from '#adapters/crypto/system-random.ts';
import { createMemoryOneTimeStore } from '#adapters/memory/one-time-store.ts';
import { createDeviceCodes, DEVICE_CODE_LIFE_MS } from '#gateway/app/face/device-codes.ts';

function rig() {
  let nowMs = 1_000;
  const deps = {
    oneTime: createMemoryOneTimeStore(),
    clock: { nowMs: () => nowMs, monotonicUs: () => nowMs },
    random: createSystemRandom(),
  };
  const of = (purpose: 'desk_code' | 'face_terminal') =>
    createDeviceCodes(deps, { purpose, schema: z.strictObject({ label: z.string() }) });
  return { codes: of('desk_code'), others: of('face_terminal'), set: (ms: number) => void (nowMs = ms) };
}

it('gives what was offered to the first who asks, until it is too old, and for nothing else', async () => {
  const { codes, others, set } = rig();
  const [first, second, late] = [await codes.offer({ label: 'a' }), await codes.offer({ label: 'b' }), await codes.offer({ label: 'c' })];
  expect(first.expiresAtMs).toBe(1_000 + DEVICE_CODE_LIFE_MS);
  expect(await others.take(first.code)).toBeNull();
  const taken = await Promise.all([codes.take(first.code), codes.take(first.code)]);
  expect(taken.filter((one) => one !== null)).toEqual([{ label: 'a' }]);
  expect(await codes.take(`${second.code}x`)).toBeNull();
  set(late.expiresAtMs - 1);
  expect(await codes.take(second.code)).toEqual({ label: 'b' });
  set(late.expiresAtMs);
  expect(await codes.take(late.code)).toBeNull();
});
