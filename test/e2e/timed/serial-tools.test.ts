import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, expect, it } from 'vitest';
import { createOsdpReaders, type OsdpReaders } from '#adapters/osdp/reader-adapter.ts';
import { createSystemClock } from '#adapters/time/system-clock.ts';
import type { ReaderId } from '#gateway/domain/site/ids.ts';
import type { ReaderEvent } from '#gateway/ports/readers.ts';
import { keyOf, layOutSite, SITE_BUSES, SITE_CARDS, type ConfiguredSite } from '#test/support/configured-site.ts';
import { readWholeLog } from '#test/support/gateway-log.ts';
import { startGateway, until } from '#test/support/running-gateway.ts';
import { laySerialBus } from '#test/support/readers/serial-bus.ts';

const CLI = fileURLToPath(new URL('../../../gateway/cli.ts', import.meta.url));
const BAUD = 115_200;
const WITHIN_MS = 30_000;

const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

/** A command as a process of its own, with a hand that types, until somebody presses Ctrl+C. */
class Tool {
  readonly #child: ChildProcess;
  out = '';
  err = '';

  constructor(site: ConfiguredSite, ...args: readonly string[]) {
    const place = ['--config', site.process.configFile, '--data-dir', site.process.dataDir];
    this.#child = spawn(process.execPath, [CLI, ...args, ...place], { cwd: site.process.dataDir, stdio: 'pipe' });
    this.#child.stdout?.setEncoding('utf8').on('data', (text: string) => (this.out += text));
    this.#child.stderr?.setEncoding('utf8').on('data', (text: string) => (this.err += text));
    closing.push(() => this.interrupt());
  }

  type(line: string): void {
    this.#child.stdin?.write(`${line}\n`);
  }

  async says(pattern: RegExp): Promise<void> {
    await until(`${String(pattern)} in: ${this.out} ${this.err}`, WITHIN_MS, () => {
      if (this.#child.exitCode !== null) throw new Error(`ended with ${this.#child.exitCode}: ${this.out} ${this.err}`);
      return pattern.test(this.out) ? true : null;
    });
  }

  async interrupt(): Promise<number | null> {
    if (this.#child.exitCode !== null) return this.#child.exitCode;
    const ended = once(this.#child, 'close');
    this.#child.kill('SIGINT');
    await ended;
    return this.#child.exitCode;
  }

  async ended(): Promise<number | null> {
    if (this.#child.exitCode === null) await once(this.#child, 'close');
    return this.#child.exitCode;
  }
}

/** The gateway's half of the line, in this process. */
function driveReaders(path: string): { readonly readers: OsdpReaders; readonly events: ReaderEvent[] } {
  const events: ReaderEvent[] = [];
  const readers = createOsdpReaders({
    buses: [
      {
        id: 'bus',
        link: { kind: 'serial', path, baud: BAUD },
        pollIntervalMs: 20,
        readers: SITE_BUSES.front.map((id, address) => ({ readerId: id as string as ReaderId, address })),
      },
    ],
    keyOf: (readerId) => keyOf(readerId === 'front-in' ? 'front-in' : 'front-out'),
    clock: createSystemClock(),
  });
  readers.subscribe((event) => events.push(event));
  closing.push(() => readers.stop());
  return { readers, events };
}

it('readers that a command plays on a serial line are driven and overheard there, and the log says who read along', async () => {
  const site = await layOutSite();
  closing.push(() => site.remove());
  const { dataDir } = site.process;
  const bus = await laySerialBus(dataDir, 3, BAUD);
  closing.push(() => bus.close());
  const [gatewayEnd = '', readersEnd = '', listeningEnd = ''] = bus.paths;
  writeFileSync(join(dataDir, 'keys'), SITE_BUSES.front.map((id) => Buffer.from(keyOf(id)).toString('hex')).join('\n'));

  const speed = ['--baud', String(BAUD)];
  const simulate = new Tool(site, 'osdp', 'simulate', '--serial', readersEnd, ...speed, '--readers', '2', '--key-file', 'keys');
  await simulate.says(/readers 0, 1 at serial .*wire-1 at 115200 baud/);
  const sniff = new Tool(
    site,
    'osdp',
    'sniff',
    '--serial',
    listeningEnd,
    ...speed,
    '--with-keys',
    '--no-polls',
    '--capture',
    'line.osdpcap',
  );
  await until('it listens', WITHIN_MS, () => (sniff.err.includes('Listening') ? true : null));

  const { readers, events } = driveReaders(gatewayEnd);
  await readers.start();
  await until('both are on line', WITHIN_MS, () => (events.filter(({ kind }) => kind === 'online').length === 2 ? true : null));
  await sniff.says(/SCS_18 .*PDID/);
  simulate.type('card 26 7 1001');
  const card = await until('the card', WITHIN_MS, () => events.find(({ kind }) => kind === 'card_read') ?? null);
  expect(card).toMatchObject({ readerId: 'front-in', bitCount: SITE_CARDS.ann.bitCount, bits: SITE_CARDS.ann.bits });
  simulate.type('reader 1');
  simulate.type('tamper on');
  await until('tamper', WITHIN_MS, () => events.find((event) => event.kind === 'local_status' && event.tampered) ?? null);
  await simulate.says(/ {2}0 secure channel open/);
  await sniff.says(/SCS_18 .*RAW .*26 bits, number not shown/);
  await sniff.says(/LSTATR +tampered/);

  expect([await sniff.interrupt(), await simulate.interrupt()]).toEqual([0, 0]);
  expect(sniff.out).not.toContain(Buffer.from(keyOf('front-in')).toString('hex'));
  expect(readFileSync(join(dataDir, 'line.osdpcap'), 'utf8').split('\n').length).toBeGreaterThan(10);
  const decode = new Tool(site, 'osdp', 'decode', 'line.osdpcap', '--with-keys', '--reveal', '--json');
  expect(await decode.ended()).toBe(0);
  expect(decode.out).toMatch(/"name":"RAW"/);
  await readers.stop();

  const gateway = await startGateway(site.process);
  closing.push(() => gateway.stop());
  const uses = (await readWholeLog(gateway, 'directory_change')).flatMap(({ record }) =>
    record.type === 'directory_change' && record.change === 'used' ? [record] : [],
  );
  const uid = `uid:${String(process.getuid?.())}`;
  expect(uses).toMatchObject([
    { subjectType: 'reader_key', operatorId: 'local', changes: ['sniff', `serial:${listeningEnd}`, 'cards:hidden', uid] },
    { subjectType: 'reader_key', operatorId: 'local', changes: ['decode', 'capture:line.osdpcap', 'cards:shown', uid] },
  ]);
  expect(JSON.stringify(uses)).not.toMatch(/[0-9a-f]{32}/);
});
