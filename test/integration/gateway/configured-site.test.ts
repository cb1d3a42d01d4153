import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { COLOUR } from '#adapters/osdp/messages/output-codecs.ts';
import { SimulatedPd } from '#adapters/osdp/simulator/simulated-pd.ts';
import { doorsSchema, LOG_LIMIT_MAX, peopleSchema, statusSchema, suspendResultSchema } from '#gateway/http/contract/admin.ts';
import { demoSchema } from '#gateway/http/contract/demo.ts';
import {
  keyOf,
  layOutSite,
  SITE_BUSES,
  SITE_CARDS,
  SITE_PEOPLE,
  siteConfigFile,
  writeConfig,
  type ConfiguredSite,
  type SiteReaderId,
} from '#test/support/configured-site.ts';
import { readLog, untilLogged, untilReadersAnswer } from '#test/support/gateway-log.ts';
import { freePort, runGatehouse, runGatewayToItsEnd, startGateway, until, type RunningGateway } from '#test/support/running-gateway.ts';
import { laySerialCable, type SerialCable } from '#test/support/readers/serial-cable.ts';

const BAUD = 115_200;
/** A change of grants by another process is looked for every second. */
const IN_FORCE_WITHIN_MS = 2_500;
/** Faster hands are refused as a card flood. */
const HAND_PAUSE_MS = 250;

/**
 * An installer's way: a file, keys, people, readers. The front door hangs on TCP, the vault on a serial line. The tests follow one another.
 */
let site: ConfiguredSite;
let vaultReaders: readonly SimulatedPd[];
let cable: SerialCable;
let gateway: RunningGateway;

const readerOf = (id: SiteReaderId): SimulatedPd => vaultReaders[(SITE_BUSES.vault as readonly string[]).indexOf(id)] ?? site.readers[id];
const gatehouse = (args: readonly string[], input?: string) => runGatehouse(site.process, args, input);
const fileWith = (name: string, content: unknown): string => {
  const file = join(site.process.dataDir, name);
  writeFileSync(file, stringify(content));
  return file;
};

beforeAll(async () => {
  site = await layOutSite({ commission: false });
  vaultReaders = SITE_BUSES.vault.map((id, address) => new SimulatedPd({ address, scbk: keyOf(id) }));
  cable = await laySerialCable(site.process.dataDir, vaultReaders, BAUD);
  writeConfig(
    site.process.configFile,
    siteConfigFile(site.process.port, {
      front: { tcp: { host: site.lines.front.host, port: site.lines.front.port } },
      vault: { serial: { path: cable.path, baud: BAUD } },
    }),
  );
});
afterAll(async () => {
  await gateway?.stop();
  await cable?.close();
  vaultReaders?.forEach((reader) => reader.dispose());
  await site?.remove();
});

describe('before the first start', () => {
  it('takes keys from standard input, makes others itself, and shows those alone', async () => {
    for (const id of ['front-in', 'vault-in', 'vault-out'] as const) {
      const hex = Buffer.from(keyOf(id)).toString('hex');
      const { code, stdout } = await gatehouse(['reader', 'key', id], `${hex}\n`);
      expect([code, stdout.includes(hex)]).toEqual([0, false]);
    }
    const made = await gatehouse(['reader', 'key', 'front-out', '--generate', '--show']);
    expect(made.code).toBe(0);
    readerOf('front-out').setKey(Buffer.from(made.stdout.trim(), 'hex'));
    expect(await gatehouse(['reader', 'key', 'nowhere'], '00')).toMatchObject({ code: 1 });
  });

  it('imports people, badges, profiles and grants, or nothing of a file with one mistake', async () => {
    const [grant] = SITE_PEOPLE.grants ?? [];
    const wrong = fileWith('wrong.yaml', { ...SITE_PEOPLE, grants: [{ ...grant, profile: 'nothing' }] });
    const refused = await gatehouse(['import', wrong]);
    expect([refused.code, refused.stderr]).toEqual([1, expect.stringContaining('grants[0].profile')]);
    const done = await gatehouse(['import', fileWith('people.yaml', SITE_PEOPLE)]);
    expect(done).toMatchObject({ code: 0, stdout: expect.stringContaining('3 people, 2 badges, 2 profiles, 3 grants') as string });
  });
});

describe('a start that is refused', () => {
  const config = () =>
    siteConfigFile(site.process.port, { front: { tcp: { host: '127.0.0.1', port: 9 } }, vault: { tcp: { host: '127.0.0.1', port: 9 } } });

  it.each([
    ['an unknown field', () => ({ ...config(), admin_password: 'x' }), 'admin_password'],
    ['an exit reader without free egress', () => withoutRex(), 'no_free_egress_reason'],
  ])('for %s names the field, and ends with an error', async (_what, file, field) => {
    const configFile = fileWith('refused.yaml', file());
    // An empty variable leaves the file's own value.
    const { code, output } = await runGatewayToItsEnd({ ...site.process, configFile, env: { GATEHOUSE_LISTEN_PORT: '' } });
    expect([code, output]).toEqual([1, expect.stringContaining(field)]);
    expect(output).not.toContain('    at ');
  });

  const withoutRex = () => {
    const file = config();
    const [front, vault] = file.buses ?? [];
    if (front === undefined || vault === undefined) throw new TypeError('the site has two buses');
    return { ...file, buses: [{ ...front, readers: front.readers.map(({ rex_input: _rex, ...reader }) => reader) }, vault] };
  };

  it('for a wrong environment names the field, and where there is no configuration the variable', async () => {
    const wrong = await runGatewayToItsEnd({ ...site.process, env: { GATEHOUSE_LISTEN_PORT: 'many' } });
    expect([wrong.code, wrong.output]).toEqual([1, expect.stringContaining('listen.port')]);
    const demo = { dataDir: mkdtempSync(join(tmpdir(), 'gatehouse-demo-')), port: site.process.port };
    const inDemo = await runGatewayToItsEnd({ ...demo, env: { GATEHOUSE_LISTEN_PORT: 'many' } });
    rmSync(demo.dataDir, { recursive: true });
    expect([inDemo.code, inDemo.output]).toEqual([1, expect.stringContaining('GATEHOUSE_LISTEN_PORT')]);
    expect(wrong.output + inDemo.output).not.toContain('    at ');
  });
});

describe('the running site', () => {
  beforeAll(async () => {
    gateway = await startGateway(site.process);
    await untilReadersAnswer(gateway);
  });

  const present = (id: SiteReaderId, card: keyof typeof SITE_CARDS): void =>
    readerOf(id).presentCard(SITE_CARDS[card].bits, SITE_CARDS[card].bitCount);
  const headSeq = async () => (await gateway.api.get('/api/status', statusSchema)).headSeq;

  /** Presents a card and waits for what the reader then shows. */
  async function badge(id: SiteReaderId, card: keyof typeof SITE_CARDS): Promise<'granted' | 'denied'> {
    const reader = readerOf(id);
    return new Promise((resolve) => {
      const stop = reader.onBuzzer(({ count }) => {
        stop();
        resolve(count === 1 ? 'granted' : 'denied');
      });
      present(id, card);
    });
  }
  const areaOf = async (personId: string) => {
    const { people } = await gateway.api.get('/api/people', peopleSchema);
    return people.find(({ id }) => id === personId)?.presence ?? null;
  };

  it('has no demo panel', async () => {
    await expect(gateway.api.get('/api/demo', demoSchema)).rejects.toThrow('resource.unknown');
  });

  it.each([
    ['over TCP, 26 bit', 'front-in', 'ann'],
    ['over TCP, 37 bit', 'front-in', 'ben'],
    ['over the serial line', 'vault-in', 'ann'],
  ] as const)('opens a door for a granted badge %s: relay, light, sound', async (_what, readerId, card) => {
    const reader = readerOf(readerId);
    const relay = new Promise<boolean>((resolve) => {
      const stop = reader.onOutput(({ output, active }) => {
        if (output !== 0 || !active) return;
        stop();
        resolve(true);
      });
    });
    expect(await badge(readerId, card)).toBe('granted');
    expect(await relay).toBe(true);
    expect(reader.colour).toBe(COLOUR.green);
    await until('the relay falls back', 3_000, () => (reader.outputs[0] === true ? null : true));
  });

  it('keeps the vault shut for somebody without a grant', async () => {
    expect(await badge('vault-in', 'ben')).toBe('denied');
    expect(readerOf('vault-in').outputs[0]).toBe(false);
  });

  it('believes somebody to be inside once the door was opened, and out again after the exit reader', async () => {
    expect(await badge('vault-in', 'ann')).toBe('granted');
    readerOf('vault-in').setInput(0, 'active');
    await until('ann is in the vault', 3_000, async () => ((await areaOf('usr_ann'))?.areaId === 'vault' ? true : null));
    readerOf('vault-in').setInput(0, 'inactive');
    expect(await badge('vault-out', 'ann')).toBe('granted');
    readerOf('vault-in').setInput(0, 'active');
    await until('ann has left the vault', 3_000, async () => ((await areaOf('usr_ann'))?.areaId === 'building' ? true : null));
    readerOf('vault-in').setInput(0, 'inactive');
  });

  it('raises a forced door, and not one that was opened by request to exit', async () => {
    await until('the door is locked', 3_000, async () => {
      const { doors } = await gateway.api.get('/api/doors', doorsSchema);
      return doors.find(({ id }) => id === 'front')?.status.lock === 'locked' ? true : null;
    });
    const before = await headSeq();
    readerOf('front-in').setInput(1, 'active');
    readerOf('front-in').setInput(0, 'active');
    await untilLogged(gateway, 'egress', (record, seq) => seq > before && record.type === 'egress' && record.cause === 'rex');
    readerOf('front-in').setInput(1, 'inactive');
    readerOf('front-in').setInput(0, 'inactive');
    await until('the door is locked again', 3_000, async () => {
      const { doors } = await gateway.api.get('/api/doors', doorsSchema);
      const status = doors.find(({ id }) => id === 'front')?.status;
      return status?.lock === 'locked' && status.contact === 'closed' ? true : null;
    });
    expect((await readLog(gateway, 'alarm')).filter(({ seq }) => seq > before)).toEqual([]);
    readerOf('front-in').setInput(0, 'active');
    await untilLogged(gateway, 'alarm', (record) => record.type === 'alarm' && record.code === 'door.forced' && record.active);
    readerOf('front-in').setInput(0, 'inactive');
  });

  it('puts an import in force while it runs', async () => {
    expect(await badge('vault-in', 'ben')).toBe('denied');
    const more = { grants: [{ id: 'grt_more', profile: 'vault', holder: 'person:usr_ben', reason: 'Helps in the vault' }] };
    expect(await gatehouse(['import', fileWith('more.yaml', more)])).toMatchObject({ code: 0 });
    const importedMs = Date.now();
    await until('ben may enter the vault', IN_FORCE_WITHIN_MS, async () => {
      await new Promise((resolve) => setTimeout(resolve, HAND_PAUSE_MS));
      return (await badge('vault-in', 'ben')) === 'granted' ? true : null;
    });
    expect(Date.now() - importedMs).toBeLessThan(IN_FORCE_WITHIN_MS);
    await untilLogged(gateway, 'system', (record) => record.type === 'system' && record.event === 'configuration_imported');
  });

  it('refuses a second gateway on the same data folder, and goes on itself', async () => {
    const port = await freePort();
    const second = await runGatewayToItsEnd({ ...site.process, port, env: { GATEHOUSE_PUBLIC_URL: `http://localhost:${port}` } });
    expect([second.code, second.output]).toEqual([1, expect.stringContaining('data_dir: another gateway runs on it')]);
    expect(await badge('front-in', 'ann')).toBe('granted');
  });

  it('closes a suspended person’s doors by the command line, and is proven whole afterwards', async () => {
    const { code, stdout } = await gateway.cli('suspend', 'Ben Example', '--reason', 'Lost badge', '--json');
    expect([code, suspendResultSchema.parse(JSON.parse(stdout)).receipt.state]).toEqual([0, 'contained']);
    expect(await badge('front-in', 'ben')).toBe('denied');
    expect(await gateway.cli('decisions', '--limit', String(LOG_LIMIT_MAX))).toMatchObject({ code: 0 });
    expect(await gateway.cli('audit', 'verify')).toMatchObject({ code: 0 });
  });
});
