import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkChange, errorIn } from '#admin-ui/src/features/policy-data/changes/check-change.ts';
import { toGrantChange, toGrantDraft, newGrantDraft } from '#admin-ui/src/features/policy-data/grants/grant-draft.ts';
import { jsonLines } from '#admin-ui/src/features/policy-data/versions/json-lines.ts';
import { parseLocalInput, readLocalInput, toLocalInput } from '#admin-ui/src/features/policy-data/local-time.ts';
import { idFromName } from '#admin-ui/src/features/policy-data/new-id.ts';
import { NOWHERE, placesOf, withPlaces } from '#admin-ui/src/features/policy-data/library/places.ts';
import { regoFileOf } from '#admin-ui/src/features/policy-data/library/rego-file.ts';
import { keyOf, parseKey } from '#admin-ui/src/features/policy-data/resources.ts';
import { itemIdSchema } from '#gateway/http/contract/policy-data.ts';

const never = () => false;

describe('an identifier out of a name', () => {
  it.each([
    ['Night shift', 'night-shift'],
    ['  Küche & Bar ', 'kuche-bar'],
    ['夜勤', 'schedule'],
  ])('of %j is %s', (name, id) => {
    expect(idFromName(name, 'schedule', never)).toBe(id);
  });

  it('gets a number when it is taken', () => {
    expect(idFromName('Night', 'x', (id) => ['night', 'night-2'].includes(id))).toBe('night-3');
  });

  it('is one that the gateway takes, whatever the name', () => {
    fc.assert(fc.property(fc.string({ unit: 'grapheme' }), (name) => itemIdSchema.safeParse(idFromName(name, 'item', never)).success));
  });
});

describe('a form’s answer', () => {
  const schedule = (windows: unknown) => ({ part: 'schedules', id: 'nights', value: { name: 'Nights', windows, onHolidays: false } });

  it('passes as the contract wants it', () => {
    const checked = checkChange(schedule([{ weekdays: [1], from: '22:00', until: '06:00' }]), {});
    expect(checked).toMatchObject({ ok: true, change: { part: 'schedules', id: 'nights' } });
  });

  it('says in the form’s words what is wrong, at the field of the list', () => {
    const good = { weekdays: [1], from: '22:00', until: '06:00' };
    const checked = checkChange(schedule([good, { ...good, weekdays: [] }]), { 'windows.weekdays': 'Choose a day.' });
    expect(checked).toEqual({ ok: false, errors: { 'windows.1.weekdays': 'Choose a day.' } });
    if (checked.ok) return;
    expect(errorIn(checked.errors, 'windows.1')).toBe('Choose a day.');
    expect(errorIn(checked.errors, 'windows.0')).toBeUndefined();
    expect(errorIn(checked.errors, 'window')).toBeUndefined();
  });

  it('has the contract’s words where the form has none', () => {
    const same = checkChange(schedule([{ weekdays: [1], from: '22:00', until: '22:00' }]), {});
    expect(same).toMatchObject({ errors: { 'windows.0.until': 'This is the same as from: a whole day is 00:00 to 24:00.' } });
  });
});

describe('a grant in its form', () => {
  const value = {
    profileId: 'p',
    holder: { kind: 'person', id: 'usr_ann' },
    schedule: 'always',
    validFromMs: 61_001,
    validUntilMs: null,
  } as const;
  const known = { id: 'grt_1', value: { ...value, holder: { ...value.holder }, reason: 'work' } };

  it('comes back as it was, to the millisecond', () => {
    expect(toGrantChange('grt_1', toGrantDraft(known), known)).toEqual({ part: 'grants', id: 'grt_1', value: known.value });
  });

  it('is not one that the contract takes before it says who holds it', () => {
    const checked = checkChange(toGrantChange('grt_2', newGrantDraft('p'), undefined), { 'holder.id': 'Say who.' });
    expect(checked).toEqual({ ok: false, errors: { 'holder.id': 'Say who.' } });
  });
});

describe('a moment in a field', () => {
  it('comes back to the minute, in whatever zone the browser is', () => {
    fc.assert(
      // Without the hour that is there twice when clocks go back.
      fc.property(fc.integer({ min: 1_767_225_600_000, max: 1_774_000_000_000 }), (atMs) => {
        const minuteMs = atMs - (atMs % 60_000);
        return parseLocalInput(toLocalInput(atMs)) === minuteMs && readLocalInput(toLocalInput(atMs), atMs) === atMs;
      }),
    );
  });

  it.each(['', '2026-11-22', '2026-13-40T10:00', 'now'])('is not read from %j', (text) => {
    expect(parseLocalInput(text)).toBeNull();
  });
});

describe('places of a ready policy', () => {
  it('come back as they were chosen', () => {
    const where = { ...NOWHERE, sites: ['hq'], doors: ['a:b'], vpnRealms: ['vpn'], groups: ['staff'] };
    expect(withPlaces({ ...NOWHERE, groups: ['staff'] }, placesOf(where))).toEqual(where);
  });

  it('name resources by kind and id', () => {
    expect(parseKey(keyOf({ kind: 'vpn_realm', id: 'corp:eu' }))).toEqual({ kind: 'vpn_realm', id: 'corp:eu' });
    expect(parseKey('person:ann')).toBeNull();
  });
});

describe('the rule behind a card', () => {
  const files = ['access/decision.rego', 'library/on-site.rego', 'library/two_person.rego'].map((path) => ({ path, text: '' }));

  it.each([
    ['on_site', 'library/on-site.rego'],
    ['two_person', 'library/two_person.rego'],
    ['face', undefined],
  ])('of %s is %s', (policy, path) => {
    expect(regoFileOf(policy, files)?.path).toBe(path);
  });
});

describe('JSON for reading', () => {
  it('is the same document', () => {
    fc.assert(fc.property(fc.jsonValue(), (value) => JSON.stringify(JSON.parse(jsonLines(value))) === JSON.stringify(value)));
  });

  it('keeps plain lists in one line', () => {
    expect(jsonLines({ days: [1, 2], none: {}, all: [{ a: 1 }] })).toBe(
      '{\n  "days": [1, 2],\n  "none": {},\n  "all": [\n    {\n      "a": 1\n    }\n  ]\n}',
    );
  });
});
