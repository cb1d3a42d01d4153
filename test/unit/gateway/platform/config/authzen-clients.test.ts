import { describe, expect, it } from 'vitest';
import { AUTHZEN_CLIENTS_MAX, AUTHZEN_RESOURCES_PER_CLIENT_MAX } from '#gateway/platform/config/authzen-schema.ts';
import { parseConfig } from '#gateway/platform/config/load-config.ts';

const SITE = {
  sites: [{ id: 'hq', name: 'HQ', time_zone: 'Europe/Berlin' }],
  areas: [{ id: 'hall', site: 'hq', name: 'Hall' }],
  doors: [{ id: 'front', site: 'hq', name: 'Front', to_area: 'hall', lock: 'fail_safe' }],
};
const client = (change: object = {}) => ({
  id: 'turnstiles',
  key_sha256: 'a'.repeat(64),
  actions: ['door.unlock'],
  resources: ['door'],
  ...change,
});
const parse = (...clients: readonly object[]) => parseConfig({ ...SITE, authzen: { clients } });

describe('authzen.clients', () => {
  it('has nobody unless somebody is written, and no default key', () => {
    expect(parseConfig(SITE).authzen.clients).toEqual([]);
    expect(() => parse(client({ key_sha256: undefined }))).toThrow('authzen.clients[0].key_sha256');
  });

  it('fulfils no obligation and vouches for no reader unless it says so', () => {
    expect(parse(client()).authzen.clients).toEqual([
      {
        id: 'turnstiles',
        keySha256: 'a'.repeat(64),
        actions: ['door.unlock'],
        resources: ['door'],
        fulfils: [],
        hasSecureReaders: false,
      },
    ]);
  });

  it('names a door, app or realm that exists', () => {
    expect(parse(client({ resources: ['door:front'] })).authzen.clients[0]?.resources).toEqual(['door:front']);
    expect(() => parse(client({ resources: ['door:back'] }))).toThrow('there is no door back');
    expect(() => parse(client({ resources: ['vpn_realm:x'] }))).toThrow('there is no VPN realm x');
  });

  it.each([
    ['a key in plain text', { key_sha256: 'secret' }],
    ['no action', { actions: [] }],
    ['an operator’s action', { actions: ['person.suspend'] }],
    ['no resource', { resources: [] }],
    ['another kind of resource', { resources: ['console'] }],
    ['a PIN as an obligation', { obligations: ['pin'] }],
    ['a misspelt field', { secure_reader: true }],
  ])('refuses %s', (_name, change) => {
    expect(() => parse(client(change))).toThrow('authzen.clients[0]');
  });

  it('refuses two clients of one id or one key', () => {
    expect(() => parse(client(), client({ key_sha256: 'b'.repeat(64) }))).toThrow('authzen.clients[1].id');
    expect(() => parse(client(), client({ id: 'other' }))).toThrow('authzen.clients[1].key_sha256');
  });

  it('takes as many clients and resources as it may, and not one more', () => {
    const clients = (count: number) =>
      Array.from({ length: count }, (_, index) => client({ id: `c${index}`, key_sha256: index.toString(16).padStart(64, '0') }));
    expect(parse(...clients(AUTHZEN_CLIENTS_MAX)).authzen.clients).toHaveLength(AUTHZEN_CLIENTS_MAX);
    expect(() => parse(...clients(AUTHZEN_CLIENTS_MAX + 1))).toThrow('authzen.clients');
    const resources = (count: number) => client({ resources: Array.from({ length: count }, () => 'door') });
    expect(parse(resources(AUTHZEN_RESOURCES_PER_CLIENT_MAX)).authzen.clients).toHaveLength(1);
    expect(() => parse(resources(AUTHZEN_RESOURCES_PER_CLIENT_MAX + 1))).toThrow('resources');
  });
});
