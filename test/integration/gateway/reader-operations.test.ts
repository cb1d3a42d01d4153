import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readerLinesSchema, readersSchema } from '#gateway/http/contract/readers.ts';
import { conditionsSchema, operationsSchema, type Condition } from '#gateway/http/contract/reader-operations.ts';
import { keyOf, layOutSite, type ConfiguredSite, type SiteReaderId } from '#test/support/configured-site.ts';
import { readWholeLog, untilLogged, untilReadersAnswer } from '#test/support/gateway-log.ts';
import { startGateway, until, type RunningGateway } from '#test/support/running-gateway.ts';

const WITHIN_MS = 20_000;
const FORGOTTEN = Uint8Array.from({ length: 16 }, (_, index) => (index * 91 + 17) & 0xff);

let site: ConfiguredSite;
let gateway: RunningGateway;
let folder: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'gatehouse-file-'));
  site = await layOutSite();
  gateway = await startGateway(site.process);
  await untilReadersAnswer(gateway);
});
afterAll(async () => {
  await gateway?.stop();
  await site?.remove();
  rmSync(folder, { recursive: true, force: true });
});

async function untilOnline(id: SiteReaderId, isWanted: boolean): Promise<void> {
  await until(`${id} is ${isWanted ? 'on' : 'off'} line`, WITHIN_MS, async () => {
    const { readers } = await gateway.api.get('/api/readers', readersSchema);
    return readers.find((reader) => reader.id === id)?.online === isWanted ? true : null;
  });
}

async function conditions(): Promise<readonly Condition[]> {
  return (await gateway.api.get('/api/reader-conditions', conditionsSchema)).conditions;
}

describe('the keys of a site', () => {
  it('are all changed, over a kill -9, and a reader that was away gets its own when it is back', async () => {
    site.readers['vault-out'].goSilent(true);
    await untilOnline('vault-out', false);
    const begun = await gateway.cli('osdp', 'keyset', '--site', 'hq', '--no-wait', '--reason', 'yearly change');
    expect([begun.code, begun.stdout]).toEqual([0, expect.stringMatching(/^begun: op_\w+, 4 readers/)]);
    await until('three of four', WITHIN_MS, async () => {
      const { operations } = await gateway.api.get('/api/reader-operations', operationsSchema);
      return operations[0]?.readers.filter(({ state }) => state === 'done').length === 3 ? true : null;
    });
    await gateway.kill();
    site.readers['vault-out'].goSilent(false);
    gateway = await startGateway(site.process);
    await untilReadersAnswer(gateway);
    await until('four new keys', WITHIN_MS, async () => {
      const keys = (await conditions()).map(({ key }) => key);
      return keys.every((key) => key?.origin === 'rotated' && key.isSettled && !key.isRotationWanted) ? true : null;
    });
    await untilReadersAnswer(gateway);
    const changes = (await readWholeLog(gateway, 'directory_change')).flatMap(({ record }) =>
      record.type === 'directory_change' && record.changes.includes('result:ok') ? [record] : [],
    );
    expect(changes.map(({ subjectId, operatorId }) => [subjectId, operatorId]).sort()).toEqual(
      ['front-in', 'front-out', 'vault-in', 'vault-out'].map((id) => [id, 'local']),
    );
    const decisions = await readWholeLog(gateway, 'decision');
    expect(decisions.some(({ record }) => record.type === 'decision' && record.operatorReason === 'yearly change')).toBe(true);
  });

  it('are shown by their age, and never themselves', async () => {
    const { code, stdout } = await gateway.cli('osdp', 'health');
    expect([code, stdout]).toEqual([0, expect.stringMatching(/front-in +online +0 +SC1 +rotated, 0 d/)]);
    const json = await gateway.cli('osdp', 'health', 'front-in', '--json');
    expect(json.stdout).not.toMatch(/[0-9a-f]{32}/);
  });
});

describe('a reader that forgot its key', () => {
  it('is an alarm and stays off line until somebody pairs it, once', async () => {
    const pd = site.readers['front-out'];
    pd.setKey(FORGOTTEN);
    pd.enterInstallMode();
    pd.reboot();
    await untilOnline('front-out', false);
    await untilLogged(
      gateway,
      'alarm',
      (record) => record.type === 'alarm' && record.sourceId === 'front-out' && record.code.startsWith('osdp.'),
    );
    await untilOnline('front-out', false);
    const paired = await gateway.cli('osdp', 'pair', 'front-out', '--minutes', '2', '--reason', 'new reader');
    expect([paired.code, paired.stdout]).toEqual([0, expect.stringMatching(/front-out: done\n.*on line with a key of its own/)]);
    await untilOnline('front-out', true);
    const alarms = (await readWholeLog(gateway, 'alarm')).flatMap(({ record }) =>
      record.type === 'alarm' && record.code === 'osdp.install_window_open' ? [[record.sourceId, record.active]] : [],
    );
    expect(alarms).toEqual([
      ['front-out', true],
      ['front-out', false],
    ]);
    const again = await gateway.cli('osdp', 'pair', 'front-out');
    expect([again.code, again.stderr]).toEqual([1, expect.stringContaining('on line with its own key')]);
  });
});

describe('gatehouse osdp', () => {
  it('tests a line beside its work, tells the verdict, and the log says who did it', async () => {
    // So many that one reply which comes late on a busy machine makes no bad line.
    const { code, stdout } = await gateway.cli('osdp', 'line-test', 'front-in', '--exchanges', '100', '--reason', 'after the storm');
    expect([code, stdout]).toEqual([0, expect.stringMatching(/front-in: The line is good; 100 commands answered, 0 not/)]);
    const tests = (await readWholeLog(gateway, 'directory_change')).flatMap(({ record }) =>
      record.type === 'directory_change' && record.change === 'tested' ? [record] : [],
    );
    expect(tests).toMatchObject([{ subjectType: 'reader', subjectId: 'front-in', operatorId: 'local' }]);
    expect(tests[0]?.changes).toEqual(expect.arrayContaining(['test_line', 'result:ok', 'verdict:good', 'exchanges:100']));
    expect(await gateway.cli('osdp', 'line-test', '--line', 'no-such-line')).toMatchObject({ code: 1 });
    expect(await gateway.cli('osdp', 'line-test')).toMatchObject({ code: 2 });
  });

  it('tells what the lines threw away', async () => {
    const { lines } = await gateway.api.get('/api/reader-lines', readerLinesSchema);
    expect(lines.flatMap(({ readers }) => readers.map(({ readerId }) => readerId)).sort()).toEqual([
      'front-in',
      'front-out',
      'vault-in',
      'vault-out',
    ]);
    expect(lines[0]?.receivedFrames).toBeGreaterThan(0);
    const { code, stdout } = await gateway.cli('osdp', 'counters');
    expect([code, stdout]).toEqual([0, expect.stringMatching(/\d+ frames sent, \d+ received/)]);
  });

  it('sends a file with progress', async () => {
    const file = join(folder, 'firmware.bin');
    writeFileSync(file, new Uint8Array(30_000).fill(5));
    const { code, stdout } = await gateway.cli('osdp', 'transfer', 'front-in', file, '--type', '1');
    expect([code, stdout]).toEqual([0, expect.stringContaining('front-in: done')]);
    writeFileSync(file, '');
    expect(await gateway.cli('osdp', 'transfer', 'front-in', file)).toMatchObject({ code: 2 });
  });

  it('moves a reader, and a gateway that starts again finds it where it went', async () => {
    const { code, stdout } = await gateway.cli('osdp', 'comset', 'vault-in', '--address', '9', '--baud', '38400');
    expect([code, stdout]).toEqual([0, expect.stringContaining('listens at address 9')]);
    await gateway.stop();
    gateway = await startGateway(site.process);
    await untilReadersAnswer(gateway);
    expect((await conditions()).find(({ readerId }) => readerId === 'vault-in')).toMatchObject({ address: 9, online: true });
  });

  it.each([
    [['keyset'], 2, /name one reader/],
    [['keyset', '--site', 'nowhere'], 1, /no reader in this site/],
    [['pair', 'front-in', '--minutes', '11'], 2, /1 to 10/],
    [['comset', 'front-in', '--address', '127'], 2, /0 to 126/],
    [['comset', 'front-in', '--address', '5', '--baud', '300'], 2, /must be one of/],
    [['transfer', 'front-in', 'missing.bin'], 2, /cannot be read/],
  ] as const)('refuses %j', async (args, code, message) => {
    const refused = await gateway.cli('osdp', ...args);
    expect(refused.code).toBe(code);
    expect(refused.stderr).toMatch(message);
  });

  it('has no key of a reader in what the gateway printed', () => {
    expect(gateway.output()).not.toContain(Buffer.from(keyOf('front-in')).toString('hex'));
  });
});
