import { expect, it } from 'vitest';
import { createIsWanted } from '#adapters/vpn/wanted-tunnels.ts';

const tunnel = { serverSessionId: 'one', userName: 'Ann', nas: null };

it('wants every tunnel of a user, however the name is written, and of another only the tunnel itself', () => {
  const isWanted = createIsWanted(['BEN'], [tunnel]);
  expect(isWanted({ userName: 'ben', serverSessionId: 'any' })).toBe(true);
  expect(isWanted({ userName: 'ann', serverSessionId: 'one' })).toBe(true);
  expect(isWanted({ userName: 'ann', serverSessionId: 'two' })).toBe(false);
});

it('wants every tunnel of its user where the server does not tell them apart', () => {
  const isWanted = createIsWanted([], [tunnel]);
  expect(isWanted({ userName: 'ann', serverSessionId: undefined })).toBe(true);
  expect(isWanted({ userName: 'ben', serverSessionId: undefined })).toBe(false);
});
