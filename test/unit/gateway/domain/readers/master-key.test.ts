import { describe, expect, it } from 'vitest';
import { newestMasterKey, promoteMasterKey, stageMasterKey, type MasterKeyState } from '#gateway/domain/readers/master-key.ts';

const [first, second, third] = [1, 2, 3].map((byte) => new Uint8Array(16).fill(byte)) as [Uint8Array, Uint8Array, Uint8Array];
const state: MasterKeyState = { current: first, generation: 4, next: null };
const staged = stageMasterKey(state, second);
const done = { masterGeneration: 5, isSettled: true };

describe('the master key of a site', () => {
  it('is what keys follow from, until there is a new one', () => {
    expect(newestMasterKey(state)).toEqual({ key: first, generation: 4 });
    expect(newestMasterKey(staged)).toEqual({ key: second, generation: 5 });
  });

  it('that is staged is not replaced: readers may follow from it', () => {
    expect(stageMasterKey(staged, third)).toBe(staged);
  });

  it('goes when every reader has confirmed the next one', () => {
    expect(promoteMasterKey(staged, [done, done])).toEqual({ current: second, generation: 5, next: null });
  });

  it.each([
    ['is a reader without keys', [done, null]],
    ['is a reader of the old one', [done, { masterGeneration: 4, isSettled: true }]],
    ['is a reader with a key of its own', [done, { masterGeneration: null, isSettled: true }]],
    ['is a reader that may have either', [done, { masterGeneration: 5, isSettled: false }]],
    ['are no readers', []],
  ])('stays while there %s', (_name, readers) => {
    expect(promoteMasterKey(staged, readers)).toBe(staged);
  });

  it('stays when there is no other', () => {
    expect(promoteMasterKey(state, [{ masterGeneration: 4, isSettled: true }])).toBe(state);
  });
});
