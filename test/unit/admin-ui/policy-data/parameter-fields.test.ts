import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { durationText } from '#admin-ui/src/features/policy-data/library/duration-text.ts';
import { integerError, parameterFields, parseTexts } from '#admin-ui/src/features/policy-data/library/parameter-fields.ts';
import { LIBRARY_PARAMETERS, type LibraryPolicy } from '#gateway/http/contract/policy-data.ts';

describe('the fields of a ready policy', () => {
  it.each(Object.keys(LIBRARY_PARAMETERS) as LibraryPolicy[])(
    'ask for every parameter of %s, and begin with what it takes by itself',
    (policy) => {
      const { fields, unknown } = parameterFields(z.toJSONSchema(LIBRARY_PARAMETERS[policy]));
      expect(unknown).toEqual([]);
      expect(fields.map(({ name }) => name)).toEqual(Object.keys(LIBRARY_PARAMETERS[policy].shape));
      const initial = Object.fromEntries(fields.map((field) => [field.name, field.initial]));
      const given = policy === 'after_hours' ? { ...initial, schedule: 'office' } : initial;
      expect(LIBRARY_PARAMETERS[policy].parse(given)).toEqual(given);
    },
  );

  it('say unit and limits of a number', () => {
    const [field] = parameterFields(z.toJSONSchema(LIBRARY_PARAMETERS.two_person)).fields;
    expect(field).toMatchObject({ kind: 'integer', label: 'Second badge within', unit: 'seconds', min: 5, max: 60, initial: 20 });
    expect(field?.kind === 'integer' && integerError(field)).toBe('Give a whole number of 5 to 60 seconds.');
  });

  it('name what they cannot ask for, and make a label of a name that is new', () => {
    const schema = { type: 'object', properties: { quietHoursMinutes: { type: 'integer' }, nested: { type: 'object' } } };
    const { fields, unknown } = parameterFields(schema);
    expect(unknown).toEqual(['nested']);
    expect(fields).toMatchObject([{ label: 'Quiet hours', unit: 'minutes' }]);
  });

  it('take a list as it is typed, each entry once', () => {
    expect(parseTexts(' DE, FR,,DE\nIT ')).toEqual(['DE', 'FR', 'IT']);
    expect(parseTexts('')).toEqual([]);
  });
});

describe('a duration', () => {
  it.each([
    [36_000, '10 hours'],
    [1, '1 second'],
    [90_060, '1 day 1 hour 1 minute'],
    [0, '0 seconds'],
  ])('of %d seconds is %s', (seconds, text) => {
    expect(durationText(seconds)).toBe(text);
  });
});
