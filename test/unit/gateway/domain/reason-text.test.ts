import { expect, it } from 'vitest';
import { explainReason, explainReasonAt } from '#gateway/domain/access/reason-text.ts';

const place = { areaName: 'Server room', siteName: 'Headquarters Berlin' };

it.each(['presence.required', 'presence.stale', 'presence.unknown'] as const)('names area and site to a person denied by %s', (code) => {
  expect(explainReasonAt(place, code)).toEqual({
    ...explainReason(code),
    remedy: 'Badge into Server room, Headquarters Berlin, then try again.',
  });
});

it('names no place for a reason that no badge removes, or when none is known', () => {
  expect(explainReasonAt(place, 'grant.missing')).toEqual(explainReason('grant.missing'));
  expect(explainReasonAt(null, 'presence.required')).toEqual(explainReason('presence.required'));
});
