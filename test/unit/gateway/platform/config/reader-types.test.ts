import { describe, expect, it } from 'vitest';
import { parseConfig } from '#gateway/platform/config/load-config.ts';
import { READER_TYPES_MAX, SIGN_TEXT_LENGTH_MAX } from '#gateway/platform/config/reader-type-schema.ts';
import type { ReaderId } from '#gateway/domain/site/ids.ts';
import { SAMPLE_BUS, SAMPLE_CONFIG_FILE, SAMPLE_DOOR, SAMPLE_READER, SAMPLE_SITE } from '#test/support/sample-config-file.ts';

const withType = (type: object, site: object = {}) => ({
  ...SAMPLE_CONFIG_FILE,
  sites: [{ ...SAMPLE_SITE, ...site }],
  buses: [{ ...SAMPLE_BUS, readers: [{ ...SAMPLE_READER, type: 'hall' }] }],
  reader_types: { hall: type },
});
const signsOf = (raw: unknown) => parseConfig(raw).signs.get('front-in' as ReaderId);

describe('how readers show outcomes', () => {
  it('is what every reader does, in English, unless something is set', () => {
    expect(signsOf(SAMPLE_CONFIG_FILE)).toEqual({ language: 'en', signs: {} });
  });

  it('speaks the language of the site, or of the reader’s type', () => {
    expect(signsOf(withType({}, { language: 'es' }))?.language).toBe('es');
    expect(signsOf(withType({ language: 'de' }, { language: 'es' }))?.language).toBe('de');
  });

  it('is set for one outcome without touching the others', () => {
    const type = { granted: { led: { colour: 'white' }, buzzer: 'none', text: '', for_ms: 500 }, denied: { text: 'Nope' } };
    expect(signsOf(withType(type))?.signs).toEqual({
      granted: { led: { colour: 'white', offColour: 'off', onMs: 100, offMs: 0 }, buzzer: null, text: null, forMs: 500 },
      denied: { text: 'Nope' },
    });
  });

  it.each([
    ['a duress pattern', { duress: { text: 'HELP' } }],
    ['a pattern for one reason', { 'pin.invalid': { text: 'PIN?' } }],
    ['a colour that no reader has', { granted: { led: { colour: 'pink' } } }],
    ['a time between two steps', { granted: { led: { colour: 'red', on_ms: 150 } } }],
    ['beeps without end', { granted: { buzzer: { count: 0 } } }],
    ['letters that displays do not have', { granted: { text: 'Tür' } }],
    ['one character too many', { granted: { text: 'x'.repeat(SIGN_TEXT_LENGTH_MAX + 1) } }],
  ])('is refused with %s', (_what, type) => {
    expect(() => parseConfig(withType(type))).toThrowError();
  });

  it('takes as many characters and types as allowed', () => {
    const types = Object.fromEntries(Array.from({ length: READER_TYPES_MAX }, (_, index) => [`type-${index}`, {}]));
    const text = 'x'.repeat(SIGN_TEXT_LENGTH_MAX);
    expect(signsOf(withType({ granted: { text } }))?.signs.granted?.text).toBe(text);
    expect(parseConfig({ ...SAMPLE_CONFIG_FILE, reader_types: types }).signs.size).toBe(1);
    expect(() => parseConfig({ ...SAMPLE_CONFIG_FILE, reader_types: { ...types, more: {} } })).toThrowError();
  });

  it('names a type that exists', () => {
    const readers = [{ ...SAMPLE_READER, type: 'cellar' }];
    expect(() => parseConfig({ ...SAMPLE_CONFIG_FILE, buses: [{ ...SAMPLE_BUS, readers }] })).toThrowError(/cellar/);
  });
});

describe('a door’s PIN', () => {
  const pinOf = (requires_pin: string) =>
    parseConfig({
      ...SAMPLE_CONFIG_FILE,
      doors: [{ ...SAMPLE_DOOR, requires_pin }],
      schedules: { nights: { weekdays: [1], from: '20:00', until: '24:00' } },
    }).installation.doors[0]?.requiresPin;

  it('is wanted never, always or in a schedule', () => {
    expect([pinOf('never'), pinOf('always'), pinOf('nights')]).toEqual([null, 'always', 'nights']);
  });

  it('is refused in a schedule that does not exist', () => {
    expect(() => pinOf('days')).toThrowError(/days/);
  });
});
