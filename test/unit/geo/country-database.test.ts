import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openCountryDatabase } from '#adapters/geo/country-database.ts';
import { createNetworkPosture } from '#gateway/app/access/network-posture.ts';
import { temporaryFolder } from '#test/support/temporary-folder.ts';

/* The format: https://maxmind.github.io/MaxMind-DB/ — a binary tree of 24-bit records, 16 zero bytes, data, metadata. */
const text = (value: string): Buffer => Buffer.concat([Buffer.from([0x40 | value.length]), Buffer.from(value)]);
const uint = (value: number): Buffer => Buffer.from([0xa2, value >> 8, value & 255]);
const uint32 = (value: number): Buffer => Buffer.from([0xc1, value]);
const map = (entries: readonly (readonly [string, Buffer])[]): Buffer =>
  Buffer.concat([Buffer.from([0xe0 | entries.length]), ...entries.flatMap(([key, value]) => [text(key), value])]);

/** A file of IPv4 in which the lower half of all addresses is in DE, and nothing is said of the other. */
function countryFile(country = 'DE'): Buffer {
  const nodes = 1;
  const record = (value: number): number[] => [value >> 16, (value >> 8) & 255, value & 255];
  const tree = Buffer.from([...record(nodes + 16), ...record(nodes)]);
  const data = map([['country', map([['iso_code', text(country)]])]]);
  const metadata = map([
    ['node_count', uint32(nodes)],
    ['record_size', uint(24)],
    ['ip_version', uint(4)],
    ['database_type', text('Country')],
    ['binary_format_major_version', uint(2)],
    ['binary_format_minor_version', uint(0)],
    ['build_epoch', Buffer.from([0x01, 0x02, 1])],
  ]);
  return Buffer.concat([tree, Buffer.alloc(16), data, Buffer.from([0xab, 0xcd, 0xef]), Buffer.from('MaxMind.com'), metadata]);
}

async function open(bytes: Buffer) {
  const file = join(await temporaryFolder(), 'country.mmdb');
  await writeFile(file, bytes);
  return openCountryDatabase(file);
}

describe('the operator’s file of countries', () => {
  it('says the country of an address, and nothing where it does not know', async () => {
    const countryOf = await open(countryFile());
    expect(['10.1.2.3', '203.0.113.7', '2001:db8::1', 'no address'].map(countryOf)).toEqual(['DE', '', '', '']);
  });

  it('is believed only what is a country code', async () => {
    expect((await open(countryFile('Germany')))('10.1.2.3')).toBe('');
  });

  it.each([
    ['absent', null],
    ['empty', Buffer.alloc(0)],
    ['of another kind', Buffer.from('not a database')],
  ])('is refused by name when it is %s', async (_name, bytes) => {
    const opening = bytes === null ? openCountryDatabase('/nonexistent/country.mmdb') : open(bytes);
    await expect(opening).rejects.toMatchObject({
      code: 'config.unreadable',
      publicMessage: expect.stringContaining('country.mmdb') as string,
    });
  });

  it('counts for addresses elsewhere; networks of the configuration say their own', async () => {
    const countryOf = await open(countryFile());
    const networks = [{ name: 'lan', cidr: '10.0.0.0/8', zone: 'site' as const, siteId: 'hq', country: 'FR' }];
    const posture = createNetworkPosture(networks, undefined, countryOf);
    expect(posture('10.1.2.3')).toMatchObject({ zone: 'site', country: 'FR' });
    expect(posture('11.1.2.3')).toMatchObject({ zone: 'elsewhere', country: 'DE' });
    expect(createNetworkPosture(networks)('11.1.2.3')).toMatchObject({ country: '' });
  });
});
