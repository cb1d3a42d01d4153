import { describe, expect, it } from 'vitest';
import { gatewayReasonCodeSchema, policyReasonCodeSchema, type ReasonCode } from '#gateway/domain/access/reason-code.ts';
import { explainReasonIn } from '#gateway/domain/access/reason-text-in.ts';
import { explainReason, explainReasonAt } from '#gateway/domain/access/reason-text.ts';
import { loadReasonTexts } from '#gateway/http/contract/load-reason-texts.ts';

const place = { areaName: 'Server room', siteName: 'Headquarters Berlin' };
const codes: readonly ReasonCode[] = [...policyReasonCodeSchema.options, ...gatewayReasonCodeSchema.options];

it.each(['presence.required', 'presence.stale', 'presence.unknown'] as const)('names area and site to a person denied by %s', (code) => {
  expect(explainReasonAt(place, code)).toEqual({
    ...explainReason(code),
    remedy: 'Badge into Server room, Headquarters Berlin, then try again.',
    place,
  });
});

it('names no place for a reason that no badge removes, or when none is known', () => {
  expect(explainReasonAt(place, 'grant.missing')).toEqual(explainReason('grant.missing'));
  expect(explainReasonAt(null, 'presence.required')).toEqual(explainReason('presence.required'));
});

describe.each(['de', 'es'] as const)('in %s', (language) => {
  it('says each reason and its remedy as whole sentences, none of them in English', () => {
    for (const code of codes) {
      const { message, remedy } = explainReasonIn(language, code);
      const english = explainReason(code);
      expect(message, code).toMatch(/^[\p{Lu}¿¡].{8,}[.]$/u);
      expect(remedy, code).toMatch(/^[\p{Lu}¿¡].{8,}[.]$/u);
      expect(message).not.toBe(english.message);
      expect(remedy).not.toBe(english.remedy);
    }
  });

  it('names the place where to badge', async () => {
    const texts = await loadReasonTexts(language);
    expect(texts.badgeInto(place)).toContain('Server room');
    expect(texts.badgeInto(place)).toContain('Headquarters Berlin');
  });
});
