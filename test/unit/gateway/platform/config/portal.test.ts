import { describe, expect, it } from 'vitest';
import { parseConfig } from '#gateway/platform/config/load-config.ts';
import { LISTED_MAX, STAFFED_READERS_MAX } from '#gateway/platform/config/portal-schema.ts';

const place = {
  sites: [{ id: 'hq', name: 'HQ', time_zone: 'Europe/Berlin' }],
  areas: [{ id: 'building', site: 'hq', name: 'Building' }],
  doors: [{ id: 'main', site: 'hq', name: 'Main', to_area: 'building', lock: 'fail_safe' }],
  buses: [
    {
      id: 'front',
      link: { tcp: { host: '127.0.0.1', port: 9 } },
      readers: [
        { id: 'main-in', name: 'Outside', address: 0, door: 'main', side: 'entry', strike_output: 0, contact_input: 0, rex_input: 1 },
        { id: 'main-out', name: 'Inside', address: 1, door: 'main', side: 'exit' },
      ],
    },
  ],
};
const parse = (portal: object) => parseConfig({ ...place, portal }).portal;

describe('people’s own side', () => {
  it('needs no configuration: sessions of an hour, nothing listed, nobody on duty', () => {
    expect(parse({})).toEqual({ sessionTtlS: 3_600, listed: [], staffedReaders: [], badgeWindowS: 300, recoveryCodeTtlS: 600 });
  });

  it('takes staffed readers at the way in, and what everybody may know of', () => {
    expect(parse({ staffed_readers: ['main-in'], listed: ['door:main'] })).toMatchObject({
      staffedReaders: ['main-in'],
      listed: ['door:main'],
    });
  });

  it.each([
    ['a reader that does not exist', { staffed_readers: ['nowhere'] }, 'portal.staffed_readers[0]'],
    ['a reader on the way out, which asks nobody who they are', { staffed_readers: ['main-out'] }, 'portal.staffed_readers[0]'],
    ['a door that does not exist', { listed: ['door:nowhere'] }, 'portal.listed[0]'],
    ['a kind that nobody asks for', { listed: ['person:ann'] }, 'portal.listed[0]'],
    ['a badge that counts for longer than a quarter of an hour', { badge_window_s: 901 }, 'portal.badge_window_s'],
    ['a code that lives longer than an hour', { recovery_code_ttl_s: 3_601 }, 'portal.recovery_code_ttl_s'],
    ['sessions longer than a day', { session_ttl_s: 86_401 }, 'portal.session_ttl_s'],
    ['a misspelt field', { staffed_reader: ['main-in'] }, 'staffed_reader'],
  ])('refuses %s', (_what, portal, field) => {
    expect(() => parse(portal)).toThrow(field);
  });

  it('takes so many entries and not one more', () => {
    const listed = (count: number) => Array.from({ length: count }, () => 'door:main');
    expect(parse({ listed: listed(LISTED_MAX) }).listed).toHaveLength(LISTED_MAX);
    expect(() => parse({ listed: listed(LISTED_MAX + 1) })).toThrow('portal.listed');
    const staffed = (count: number) => Array.from({ length: count }, () => 'main-in');
    expect(parse({ staffed_readers: staffed(STAFFED_READERS_MAX) }).staffedReaders).toHaveLength(STAFFED_READERS_MAX);
    expect(() => parse({ staffed_readers: staffed(STAFFED_READERS_MAX + 1) })).toThrow('portal.staffed_readers');
  });
});
