import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { BADGES_PER_PERSON_MAX, parsePeopleFile, readPeopleFile } from '#gateway/platform/people-file.ts';
import { temporaryFolder } from '#test/support/temporary-folder.ts';

const badge = { format: 'H10301', facility: 12, number: '1001' };
const person = { id: 'ann', name: 'Ann Lee', badges: [badge] };
const profile = { id: 'everyday', name: 'Everyday', resources: ['door:front', 'app:wiki', 'vpn_realm:staff'] };
const grant = { id: 'g1', profile: 'everyday', holder: 'role:staff', reason: 'Part of every employment' };

describe('a people file', () => {
  it('becomes people, profiles and grants of the domain', () => {
    const file = parsePeopleFile({ people: [person], profiles: [profile], grants: [grant] });
    expect(file.people[0]).toEqual({
      id: 'ann',
      displayName: 'Ann Lee',
      email: null,
      roles: [],
      groups: [],
      clearance: 0,
      employmentEndMs: null,
      accessibility: false,
      badges: [{ format: 'H10301', facility: 12, number: '1001', validFromMs: null, validUntilMs: null }],
    });
    expect(file.profiles[0]?.resources).toEqual([
      { kind: 'door', id: 'front' },
      { kind: 'app', id: 'wiki' },
      { kind: 'vpn_realm', id: 'staff' },
    ]);
    expect(file.grants[0]).toMatchObject({
      profileId: 'everyday',
      holder: { kind: 'role', id: 'staff' },
      schedule: 'always',
      validUntilMs: null,
    });
  });

  it('takes dates as whole days in UTC and times as they are', () => {
    const { grants } = parsePeopleFile({
      grants: [
        { ...grant, valid_from: '2026-01-01', valid_until: '2026-01-31' },
        { ...grant, id: 'g2', valid_until: '2026-01-31T18:00+01:00' },
      ],
    });
    expect(grants[0]).toMatchObject({ validFromMs: Date.UTC(2026, 0, 1), validUntilMs: Date.UTC(2026, 1, 1) });
    expect(grants[1]?.validUntilMs).toBe(Date.UTC(2026, 0, 31, 17));
  });

  it.each<[path: string, raw: unknown]>([
    ['persons', { persons: [] }],
    ['people[0].nick', { people: [{ ...person, nick: 'x' }] }],
    ['people[0].id', { people: [{ ...person, id: 'Ann Lee' }] }],
    ['people[0].id', { people: [{ ...person, id: 'local' }] }],
    ['people[0].name', { people: [{ ...person, name: 'Ann\u001b[2J' }] }],
    ['grants[0].reason', { grants: [{ ...grant, reason: 'Works\nhere' }] }],
    ['people[0].email', { people: [{ ...person, email: 'ann' }] }],
    ['people[0].clearance', { people: [{ ...person, clearance: 6 }] }],
    ['people[0].employment_end', { people: [{ ...person, employment_end: '2026-12-31T18:00' }] }],
    ['people[0].employment_end', { people: [{ ...person, employment_end: '2026-02-31' }] }],
    ['people[0].employment_end', { people: [{ ...person, employment_end: '2026-02-29T18:00:00+01:00' }] }],
    ['people[0].badges[0].format', { people: [{ ...person, badges: [{ ...badge, format: 'H99' }] }] }],
    ['people[0].badges[0].number', { people: [{ ...person, badges: [{ ...badge, number: '65536' }] }] }],
    ['people[0].badges[0].number', { people: [{ ...person, badges: [{ ...badge, number: '007' }] }] }],
    ['people[0].badges[0].facility', { people: [{ ...person, badges: [{ format: 'H10301', number: '1' }] }] }],
    ['people[0].badges[0].facility', { people: [{ ...person, badges: [{ format: 'H10302', facility: 1, number: '1' }] }] }],
    ['people[0].badges', { people: [{ ...person, badges: new Array(BADGES_PER_PERSON_MAX + 1).fill(badge) }] }],
    ['profiles[0].resources[0]', { profiles: [{ ...profile, resources: ['gate:front'] }] }],
    ['profiles[0].resources', { profiles: [{ ...profile, resources: [] }] }],
    ['grants[0].holder', { grants: [{ ...grant, holder: 'staff' }] }],
    ['grants[0].reason', { grants: [{ ...grant, reason: '' }] }],
  ])('is refused naming %s', (path, raw) => {
    expect(() => parsePeopleFile(raw)).toThrow(
      expect.objectContaining({ code: 'config.invalid', publicMessage: expect.stringContaining(`${path}: `) as string }),
    );
  });

  it('gives a person as many badges as one may hold', () => {
    const badges = new Array(BADGES_PER_PERSON_MAX).fill(badge);
    expect(parsePeopleFile({ people: [{ ...person, badges }] }).people[0]?.badges).toHaveLength(BADGES_PER_PERSON_MAX);
  });

  it('is read from YAML', async () => {
    const file = join(await temporaryFolder(), 'people.yaml');
    writeFileSync(file, 'people:\n  - { id: ann, name: Ann Lee, employment_end: 2026-12-31 }\n');
    expect(readPeopleFile(file).people[0]?.employmentEndMs).toBe(Date.UTC(2027, 0, 1));
  });
});
