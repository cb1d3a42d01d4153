import { describe, expect, it } from 'vitest';
import { GatewayError } from '#gateway/domain/errors.ts';
import { CERTAIN_PRESENCE_LEVEL_MIN, PROTECTED_WIRING_LEVEL_MIN } from '#gateway/platform/config/check-safety.ts';
import { AREAS_MAX } from '#gateway/platform/config/site-schema.ts';
import { parseConfig } from '#gateway/platform/config/load-config.ts';
import {
  SAMPLE_APP,
  SAMPLE_AREA,
  SAMPLE_BUS,
  SAMPLE_CONFIG_FILE,
  SAMPLE_DOOR,
  SAMPLE_READER,
  SAMPLE_SITE,
} from '#test/support/sample-config-file.ts';

/** The message with which a configuration is refused; empty when it is accepted. */
function refusal(raw: unknown, env: Record<string, string> = {}): string {
  try {
    parseConfig(raw, env);
    return '';
  } catch (error) {
    expect(error).toBeInstanceOf(GatewayError);
    expect(error).toMatchObject({ code: 'config.invalid' });
    return (error as GatewayError).publicMessage;
  }
}

const withReaders = (...readers: readonly object[]) => ({ ...SAMPLE_CONFIG_FILE, buses: [{ ...SAMPLE_BUS, readers }] });
const withDoor = (door: object) => ({ ...SAMPLE_CONFIG_FILE, doors: [{ ...SAMPLE_DOOR, ...door }] });
const withApp = (app: object) => ({ ...SAMPLE_CONFIG_FILE, apps: [{ ...SAMPLE_APP, ...app }] });
const withAreas = (...areas: readonly object[]) => ({ ...SAMPLE_CONFIG_FILE, areas: [SAMPLE_AREA, ...areas] });
const withNetworks = (...networks: readonly object[]) => ({ ...SAMPLE_CONFIG_FILE, networks });

describe('a configuration', () => {
  it('is accepted empty, with the defaults of a local machine', () => {
    const config = parseConfig({});
    expect(config).toMatchObject({ publicUrl: 'http://localhost:8080', listen: { host: '127.0.0.1', port: 8080 }, trustedProxies: [] });
    expect(config.oidc.accessTokenTtlS).toBe(300);
    expect(Object.keys(config.schedules)).toEqual(['always']);
  });

  it('speaks secure channel 1 with a reader unless 2 is asked for', () => {
    const channelOf = (reader: object) => parseConfig(withReaders({ ...SAMPLE_READER, ...reader })).installation.readers[0]?.secureChannel;
    expect([channelOf({}), channelOf({ secure_channel: 1 }), channelOf({ secure_channel: 2 })]).toEqual([undefined, undefined, 2]);
    expect(refusal(withReaders({ ...SAMPLE_READER, secure_channel: 3 }))).toMatch(/buses\[0\]\.readers\[0\]\.secure_channel/);
  });

  it('becomes the installation that decisions work with', () => {
    const config = parseConfig(SAMPLE_CONFIG_FILE);
    expect(config.installation.doors).toEqual([
      {
        id: 'front',
        siteId: 'hq',
        name: 'Front',
        fromAreaId: null,
        toAreaId: 'office',
        lock: 'fail_safe',
        releaseMs: 5_000,
        extendedReleaseMs: 15_000,
        openMs: 30_000,
        extendedOpenMs: 60_000,
        requiresPin: null,
        offlineLeaseS: 0,
      },
    ]);
    expect(config.installation.readers[0]).toMatchObject({ busId: 'bus-1', strikeOutput: 0, contactInput: 0, rexInput: 1 });
    expect(config.buses).toEqual([{ id: 'bus-1', link: { kind: 'tcp', host: '127.0.0.1', port: 4_001 }, pollIntervalMs: 25 }]);
    expect(config.networks).toEqual([{ name: 'lan', cidr: '10.1.0.0/16', zone: 'site', siteId: 'hq', country: null }]);
    expect(config.clients[0]).toMatchObject({ appId: 'wiki', clientSecretSha256: null, backchannelLogoutUri: null });
  });

  it('reads times of day as minutes and weekdays in order', () => {
    const { schedules } = parseConfig({ schedules: { shift: { weekdays: [5, 1, 1], from: '07:30', until: '24:00' } } });
    expect(schedules['shift']).toEqual({ weekdays: [1, 5], fromMinute: 450, untilMinute: 1_440, onHolidays: false });
  });

  it.each<[path: string, message: RegExp, raw: unknown]>([
    ['door', /not a known field/, { door: [] }],
    ['listen.prt', /not a known field/, { listen: { prt: 1 } }],
    ['doors[0].lok', /not a known field/, withDoor({ lok: 'x' })],
    ['public_url', /plain http/, { public_url: 'http://gatehouse.example' }],
    ['public_url', /address/, { public_url: 'https://192.0.2.1' }],
    ['public_url', /origin/, { public_url: 'https://gatehouse.example/path' }],
    ['public_url', /origin/, { public_url: 'ftp://gatehouse.example' }],
    ['listen.host', /reachable from outside/, { listen: { host: '0.0.0.0' } }],
    ['listen.host', /reachable from outside/, { listen: { host: '::' }, public_url: 'https://gatehouse.example' }],
    ['trusted_proxies[0]', /CIDR/, { trusted_proxies: ['10.0.0.1/8'] }],
    ['trusted_proxies[0]', /every address/, { trusted_proxies: ['0.0.0.0/0'] }],
    ['oidc.access_token_ttl_s', /300/, { oidc: { access_token_ttl_s: 301 } }],
    ['sites[0].time_zone', /time zone/, { sites: [{ ...SAMPLE_SITE, time_zone: 'Europe/Atlantis' }] }],
    ['sites[0].holidays[0]', /date/, { sites: [{ ...SAMPLE_SITE, holidays: ['2026-02-30'] }] }],
    ['sites[1].id', /used already by sites\[0\]/, { sites: [SAMPLE_SITE, SAMPLE_SITE] }],
    ['areas[1].site', /no site lab/, withAreas({ id: 'x', site: 'lab', name: 'X' })],
    ['areas[1].parent', /no area gone/, withAreas({ id: 'x', site: 'hq', name: 'X', parent: 'gone' })],
    ['areas[1].requires_app', /no app gone/, withAreas({ id: 'x', site: 'hq', name: 'X', requires_app: 'gone' })],
    ['areas[1].parent', /inside itself/, withAreas({ id: 'x', site: 'hq', name: 'X', parent: 'x' })],
    [
      'areas[2].parent',
      /inside itself/,
      withAreas({ id: 'x', site: 'hq', name: 'X', parent: 'y' }, { id: 'y', site: 'hq', name: 'Y', parent: 'x' }),
    ],
    ['doors[0].to_area', /no area gone/, withDoor({ to_area: 'gone' })],
    ['doors[0].to_area', /comes from/, withDoor({ from_area: 'office' })],
    ['doors[0].extended_open_ms', /shorter/, withDoor({ extended_open_ms: 1_000 })],
    [
      'doors[0].offline_lease_s',
      /longer than the 900 s/,
      { ...withDoor({ offline_lease_s: 901 }), areas: [{ id: 'building', site: 'hq', name: 'B', security_level: 4 }] },
    ],
    ['buses[0].readers[0].door', /no door gone/, withReaders({ ...SAMPLE_READER, door: 'gone' })],
    [
      'buses[0].readers[1].address',
      /address 0 is used already/,
      withReaders(SAMPLE_READER, { ...SAMPLE_READER, id: 'b', strike_output: undefined, contact_input: undefined }),
    ],
    [
      'buses[0].readers[1].strike_output',
      /releases front already/,
      withReaders(SAMPLE_READER, { ...SAMPLE_READER, id: 'b', address: 1, contact_input: undefined }),
    ],
    [
      'buses[0].readers[1].contact_input',
      /watches the contact/,
      withReaders(SAMPLE_READER, { ...SAMPLE_READER, id: 'b', address: 1, strike_output: undefined }),
    ],
    ['buses[0].readers[0].rex_input', /door contact already/, withReaders({ ...SAMPLE_READER, rex_input: 0 })],
    ['doors[0]', /nothing can release it/, withReaders({ ...SAMPLE_READER, strike_output: undefined })],
    ['buses[0].link', /either tcp/, { ...SAMPLE_CONFIG_FILE, buses: [{ ...SAMPLE_BUS, link: {} }] }],
    [
      'buses[1].link',
      /used already/,
      { ...SAMPLE_CONFIG_FILE, buses: [SAMPLE_BUS, { ...SAMPLE_BUS, id: 'b', readers: [{ ...SAMPLE_READER, id: 'r2' }] }] },
    ],
    ['apps[0].client_secret_sha256', /needed unless/, withApp({ public: false })],
    ['apps[0].client_secret_sha256', /needed unless/, withApp({ client_secret_sha256: '0'.repeat(64) })],
    ['apps[0].redirect_uris[0]', /https/, withApp({ redirect_uris: ['http://wiki.example.org/'] })],
    ['apps[0].redirect_uris[0]', /fragment/, withApp({ redirect_uris: ['https://wiki.example.org/#a'] })],
    ['apps[0].requires_area', /no area gone/, withApp({ requires_area: 'gone' })],
    ['networks[0].site', /needed in zone site/, withNetworks({ name: 'a', cidr: '10.0.0.0/8', zone: 'site' })],
    ['networks[0].cidr', /every address/, withNetworks({ name: 'a', cidr: '::/0', zone: 'vpn_egress' })],
    [
      'networks[1].cidr',
      /overlaps networks\[0\]/,
      withNetworks({ name: 'a', cidr: '10.0.0.0/8', zone: 'vpn_egress' }, { name: 'b', cidr: '10.2.0.0/16', zone: 'site', site: 'hq' }),
    ],
    ['schedules.s.until', /not after from/, { schedules: { s: { weekdays: [1], from: '10:00', until: '09:00' } } }],
    ['schedules', /already has/, { schedules: { always: { weekdays: [1] } } }],
    ['areas', /1000/, { areas: Array.from({ length: AREAS_MAX + 1 }, (_, i) => ({ ...SAMPLE_AREA, id: `a${i}` })) }],
  ])('is refused with %s: %s', (path, message, raw) => {
    const text = refusal(raw);
    expect(text).toContain(`${path}: `);
    expect(text).toMatch(message);
  });

  it('takes as many areas as it may', () => {
    const areas = Array.from({ length: AREAS_MAX }, (_, i) => ({ ...SAMPLE_AREA, id: `a${i}` }));
    expect(parseConfig({ sites: [SAMPLE_SITE], areas }).installation.areas).toHaveLength(AREAS_MAX);
  });

  it.each(['\u001b[2J', 'a\u009bm', 'two\nlines', 'abc\u202edef', 'a\u2066b'])(
    'is refused with a name that a terminal would obey: %j',
    (name) => {
      expect(refusal(withDoor({ name }))).toMatch(/doors\[0\]\.name: .*control characters/);
    },
  );

  it('takes names of any script', () => {
    expect(refusal(withDoor({ name: 'Büro 3 · 東京 – می‌خواهم 👩‍🔬' }))).toBe('');
  });

  it('names every wrong field at once', () => {
    const text = refusal({ public_url: 1, listen: { port: 70_000 }, nonsense: true });
    expect(text).toMatch(/public_url: /);
    expect(text).toMatch(/listen\.port: /);
    expect(text).toMatch(/nonsense: /);
  });
});

describe('free egress', () => {
  const exit = { id: 'front-out', name: 'Front, inside', address: 1, door: 'front', side: 'exit' };
  const noRex = { ...SAMPLE_READER, rex_input: undefined };

  it('is demanded of a door with an exit reader', () => {
    expect(refusal(withReaders(noRex, exit))).toMatch(/doors\[0\]\.no_free_egress_reason: front has an exit reader/);
  });

  it('is there when any reader of the door has a request-to-exit input', () => {
    expect(refusal(withReaders(SAMPLE_READER, exit))).toBe('');
    expect(refusal(withReaders(noRex, { ...exit, rex_input: 0 }))).toBe('');
  });

  it('is not asked of a door without an exit reader', () => {
    expect(refusal(withReaders(noRex))).toBe('');
  });

  it('may be given up by a named exception, which the configuration keeps', () => {
    const reason = 'Exit bar and green break glass are wired to the lock itself';
    const raw = { ...withReaders(noRex, exit), doors: [{ ...SAMPLE_DOOR, no_free_egress_reason: reason }] };
    expect(() => parseConfig(raw)).not.toThrow();
  });
});

describe('wiring into a protected area', () => {
  const level = (security_level: number, door: object = {}) => ({
    ...withReaders(SAMPLE_READER),
    areas: [{ ...SAMPLE_AREA, security_level }],
    doors: [{ ...SAMPLE_DOOR, ...door }],
  });

  it('does not hang at the reader outside', () => {
    const text = refusal(level(PROTECTED_WIRING_LEVEL_MIN));
    expect(text).toMatch(/buses\[0\]\.readers\[0\]\.strike_output: .*outside_wiring_reason/);
    expect(text).toMatch(/buses\[0\]\.readers\[0\]\.rex_input: /);
  });

  it('may hang there below that level, at the exit reader, or by a named exception', () => {
    expect(refusal(level(PROTECTED_WIRING_LEVEL_MIN - 1))).toBe('');
    expect(refusal(level(5, { outside_wiring_reason: 'The wires end in a sealed box on the inner side' }))).toBe('');
    const { strike_output, rex_input, ...entry } = SAMPLE_READER;
    const exit = { id: 'front-out', name: 'Front, inside', address: 1, door: 'front', side: 'exit', strike_output, rex_input };
    expect(refusal({ ...level(5), ...withReaders(entry, exit), areas: [{ ...SAMPLE_AREA, security_level: 5 }] })).toBe('');
  });
});

describe('listening beyond loopback', () => {
  const outside = { listen: { host: '0.0.0.0' } };

  it('needs TLS in front: an https origin and the proxies that end it', () => {
    expect(refusal({ ...outside, public_url: 'https://gatehouse.example', trusted_proxies: ['10.0.0.0/24'] })).toBe('');
  });

  it('or a named exception', () => {
    expect(refusal({ listen: { host: '0.0.0.0', plain_http_reason: 'published on loopback by the container engine' } })).toBe('');
    expect(refusal({ listen: { host: '0.0.0.0', plain_http_reason: 'short' } })).toMatch(/listen\.plain_http_reason/);
  });
});

describe('an https origin', () => {
  it.each(['https://gatehouse.example', 'https://localhost'])(
    '%s needs the proxy that ends TLS: the field and what to do are named',
    (publicUrl) => {
      const text = refusal({ public_url: publicUrl, listen: { plain_http_reason: 'TLS ends on the same machine' } });
      expect(text).toMatch(/trusted_proxies: is empty.*public_url is https.*name the proxy.*GATEHOUSE_TRUSTED_PROXIES/);
      expect(refusal({ public_url: publicUrl, trusted_proxies: ['127.0.0.1/32'] })).toBe('');
    },
  );
});

describe('the port', () => {
  const at = (port: number, publicUrl: string) => ({ listen: { port }, public_url: publicUrl });

  it.each([
    [9_000, 'http://localhost:9000'],
    [80, 'http://localhost'],
    [9_000, 'http://gatehouse.localhost:9000'],
  ])('%i goes with %s', (port, publicUrl) => {
    expect(refusal({ ...at(port, publicUrl) })).toBe('');
  });

  it('is nobody’s concern behind a proxy of another name', () => {
    expect(refusal({ ...at(9_000, 'https://gatehouse.example'), trusted_proxies: ['127.0.0.1/32'] })).toBe('');
  });

  it.each([
    [9_000, 'http://localhost:8080'],
    [9_000, 'http://localhost'],
    [9_000, 'https://localhost'],
    [0, 'http://localhost:8080'],
  ])('%i does not go with %s, where nobody would answer: both fields are named', (port, publicUrl) => {
    expect(refusal(at(port, publicUrl))).toMatch(/listen\.port: .*public_url.*listen\.port.*GATEHOUSE_LISTEN_PORT.*GATEHOUSE_PUBLIC_URL/);
  });

  it('of the environment alone leaves the address of the file behind', () => {
    expect(refusal({}, { GATEHOUSE_LISTEN_PORT: '9000' })).toMatch(/listen\.port: is 9000, but public_url sends browsers to 8080/);
    expect(refusal({}, { GATEHOUSE_LISTEN_PORT: '9000', GATEHOUSE_PUBLIC_URL: 'http://localhost:9000' })).toBe('');
  });

  it('may be another one behind a proxy that is named', () => {
    expect(refusal({ ...at(9_000, 'https://localhost'), trusted_proxies: ['127.0.0.1/32'] })).toBe('');
    expect(refusal({ ...at(0, 'http://localhost:8080'), trusted_proxies: ['127.0.0.1/32'] })).toBe('');
  });
});

describe('a refusal', () => {
  it.each([
    ['sites[0].name: is empty', { sites: [{ ...SAMPLE_CONFIG_FILE.sites?.[0], name: ' ' }] }],
    ['sites[0].name: has more than 100 characters', { sites: [{ ...SAMPLE_CONFIG_FILE.sites?.[0], name: 'x'.repeat(101) }] }],
    ['sites[0].id: is missing', { sites: [{ name: 'x', time_zone: 'UTC' }] }],
    ['listen.port: is more than 65535', { listen: { port: 70_000 } }],
    ['listen.port: is not a number', { listen: { port: 'many' } }],
    ['listen.port: is not a whole number', { listen: { port: 1.5 } }],
    ['listen: is not a section of fields', { listen: 1 }],
    ['log.level: is not one of fatal, error, warn', { log: { level: 'loud' } }],
    ['apps[0].redirect_uris: is an empty list', withApp({ redirect_uris: [] })],
    ['trusted_proxies: has more than 32 entries', { trusted_proxies: new Array(33).fill('10.0.0.0/8') }],
  ])('is in plain words: %s', (message, file) => {
    expect(refusal(file)).toContain(`  ${message}`);
  });
});

describe('the environment', () => {
  it('overrides single values and lists', () => {
    const config = parseConfig(
      { listen: { port: 1 } },
      { GATEHOUSE_LISTEN_PORT: '8080', GATEHOUSE_TRUSTED_PROXIES: '10.0.0.0/8, ::1/128', GATEHOUSE_LOG_LEVEL: 'warn', PATH: '/bin' },
    );
    expect(config).toMatchObject({ listen: { port: 8_080 }, trustedProxies: ['10.0.0.0/8', '::1/128'], log: { level: 'warn' } });
  });

  it('is checked like the file, under the name of the field', () => {
    expect(refusal({}, { GATEHOUSE_LISTEN_PORT: '80a' })).toMatch(/listen\.port: /);
  });

  it('may not hold a variable that means nothing', () => {
    expect(refusal({}, { GATEHOUSE_LISTEN_PROT: '80' })).toMatch(/GATEHOUSE_LISTEN_PROT: is no field/);
  });

  it('may hold what the command line and container platforms put there', () => {
    expect(
      refusal(
        {},
        { GATEHOUSE_URL: 'x', GATEHOUSE_TOKEN: 'x', GATEHOUSE_CONFIG: 'x', GATEHOUSE_SERVICE_HOST: 'x', GATEHOUSE_PORT: 'tcp://' },
      ),
    ).toBe('');
  });

  it('changes nothing by an empty variable', () => {
    expect(parseConfig({}, { GATEHOUSE_LISTEN_PORT: '' }).listen.port).toBe(8_080);
  });
});

describe('an app that asks for presence', () => {
  const app = (sensitivity: number, captive: boolean) => ({
    ...withApp({ requires_area: 'office', sensitivity }),
    areas: [{ ...SAMPLE_AREA, captive }],
  });

  it('of high sensitivity needs a captive area, or nobody could ever sign in', () => {
    expect(refusal(app(CERTAIN_PRESENCE_LEVEL_MIN, false))).toMatch(/apps\[0\]\.requires_area: office is not captive/);
    expect(refusal(app(CERTAIN_PRESENCE_LEVEL_MIN, true))).toBe('');
    expect(refusal(app(CERTAIN_PRESENCE_LEVEL_MIN - 1, false))).toBe('');
  });
});
