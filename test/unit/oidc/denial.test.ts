import { expect, it } from 'vitest';
import type { Permit } from '#gateway/domain/access/decision.ts';
import { denyOf, describeDenial } from '#gateway/oidc/decisions/denial.ts';

const permit: Permit = {
  id: 'decision_1' as never,
  policyRevision: 'r',
  epoch: 0,
  effect: 'permit',
  permits: ['token.granted'],
  obligations: [],
  ttlS: 300,
};

it('leaves a permit without obligations alone', () => {
  expect(denyOf(permit)).toBeNull();
});

it('reads a permit with an obligation as a deny where none can be fulfilled', () => {
  const obliged = denyOf({ ...permit, obligations: [{ id: 'extended_open_time' }] });
  expect(obliged).toMatchObject({ effect: 'deny', id: 'decision_1', reasons: ['obligation.unsupported'] });
});

it('describes a denial in characters that RFC 6749 allows', () => {
  expect(describeDenial('presence.required', 'decision_1')).toMatch(/^[\x20-\x21\x23-\x5B\x5D-\x7E]+$/);
});
