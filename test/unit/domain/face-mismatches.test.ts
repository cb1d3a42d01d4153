import { describe, expect, it } from 'vitest';
import { faceAttestationSchema } from '#gateway/domain/face/attestation.ts';
import {
  addLook,
  faultOfCause,
  lookCause,
  lookFault,
  MISMATCH_WINDOW_MS,
  type LookFault,
  type Looks,
} from '#gateway/domain/face/mismatches.ts';

function look(looks: readonly (readonly [LookFault, number])[]): { readonly looks: Looks; readonly restricted: readonly number[] } {
  let kept: Looks = [];
  const restricted: number[] = [];
  for (const [fault, atMs] of looks) {
    const next = addLook(kept, { fault, atMs });
    kept = next.looks;
    if (next.restricts) restricted.push(atMs);
  }
  return { looks: kept, restricted };
}

describe('looks that went wrong', () => {
  it('restrict at the third that showed somebody else, and at no fourth', () => {
    expect(
      look([
        ['mismatch', 1],
        ['mismatch', 2],
      ]).restricted,
    ).toEqual([]);
    expect(
      look([
        ['mismatch', 1],
        ['mismatch', 2],
        ['mismatch', 3],
        ['mismatch', 4],
      ]).restricted,
    ).toEqual([3]);
  });

  it('restrict at the fifth that showed nobody alive', () => {
    const four = [1, 2, 3, 4].map((atMs) => ['not_alive', atMs] as const);
    expect(look(four).restricted).toEqual([]);
    expect(look([...four, ['not_alive', 5]]).restricted).toEqual([5]);
  });

  it('do not add up over kinds', () => {
    expect(
      look([
        ['mismatch', 1],
        ['mismatch', 2],
        ['not_alive', 3],
        ['not_alive', 4],
      ]).restricted,
    ).toEqual([]);
  });

  it('are forgotten after a quarter of an hour, and not a moment before', () => {
    const begin = [
      ['mismatch', 0],
      ['mismatch', 1],
    ] as const;
    expect(look([...begin, ['mismatch', MISMATCH_WINDOW_MS - 1]]).restricted).toEqual([MISMATCH_WINDOW_MS - 1]);
    expect(look([...begin, ['mismatch', MISMATCH_WINDOW_MS]]).restricted).toEqual([]);
  });

  it('keep no more than what counts', () => {
    const many = Array.from({ length: 50 }, (_, i) => [i % 2 === 0 ? 'mismatch' : 'not_alive', i] as const);
    expect(look(many).looks.length).toBeLessThan(8);
  });
});

it('tells what a look says against a person', () => {
  const faults = Object.fromEntries(faceAttestationSchema.shape.result.options.map((result) => [result, lookFault(result)]));
  expect(faults).toEqual({
    verified: null,
    no_match: 'mismatch',
    identity_changed: 'mismatch',
    not_live: 'not_alive',
    frozen_picture: 'not_alive',
    challenge_failed: 'not_alive',
    several_faces: null,
    poor_quality: null,
    no_face: null,
    not_enrolled: null,
    camera_unavailable: null,
  });
});

it('reads it from the log as it is written there, and from nothing else', () => {
  expect(faultOfCause(lookCause('door', 'no_match'))).toBe('mismatch');
  expect(faultOfCause(lookCause('login', 'not_live'))).toBe('not_alive');
  for (const other of ['no_match', 'enrol:no_match', 'door:verified', 'door:toString', 'door:no_match:x', ''])
    expect(faultOfCause(other), other).toBeNull();
});
