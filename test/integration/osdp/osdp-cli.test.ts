import { readFileSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { createCliTools } from '#gateway/compose-tools.ts';
import { createOutput } from '#gateway/cli/output.ts';
import { runCli } from '#gateway/cli/run-cli.ts';
import { laySerialCable } from '#test/support/readers/serial-cable.ts';
import { SimulatedPd } from '#adapters/osdp/simulator/simulated-pd.ts';
import { temporaryFolder } from '#test/support/temporary-folder.ts';
import capture from '../../vectors/osdp/line-capture.json' with { type: 'json' };
import { OsdpSite, scbkOf } from './osdp-site.ts';

const UNTIL_MAX_MS = 10_000;
const closing: (() => Promise<unknown> | void)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

/** A command that goes on until it is interrupted, with a hand that types. */
class Running {
  readonly #interrupt = new AbortController();
  readonly #typed: string[] = [];
  readonly done: Promise<number>;
  out = '';
  err = '';
  #wake: () => void = () => undefined;

  constructor(args: readonly string[], cwd: string) {
    const { signal } = this.#interrupt;
    this.done = runCli(args, {
      out: createOutput({ write: (text) => void (this.out += text) }, { write: (text) => void (this.err += text) }, true),
      env: {},
      cwd,
      readInput: () => Promise.resolve(''),
      readLines: () => this.#lines(),
      randomBytes: (length) => new Uint8Array(length),
      tools: () => Promise.resolve(createCliTools()),
      start: () => Promise.resolve(),
      version: '0',
      catchInterrupt: () => signal,
    });
    closing.push(() => this.stop());
  }

  type(line: string): void {
    this.#typed.push(line);
    this.#wake();
  }

  async until(pattern: RegExp): Promise<RegExpExecArray> {
    for (const end = Date.now() + UNTIL_MAX_MS; Date.now() < end;) {
      const found = pattern.exec(this.out);
      if (found !== null) return found;
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    throw new Error(`never printed ${pattern}: ${this.out} ${this.err}`);
  }

  async stop(): Promise<number> {
    this.#interrupt.abort();
    this.#wake();
    return this.done;
  }

  async *#lines(): AsyncGenerator<string> {
    while (!this.#interrupt.signal.aborted) {
      yield* this.#typed.splice(0);
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }
}

/** A serial server that repeats a recorded line to whoever listens, and notes whether it was spoken to. */
async function recordedLine(): Promise<{ readonly place: string; readonly heard: () => number }> {
  let heard = 0;
  const server = createServer((socket) => {
    socket.on('data', (chunk) => void (heard += chunk.length));
    socket.on('error', () => undefined);
    socket.write(Buffer.from(capture.frames.join(''), 'hex'));
    closing.push(() => void socket.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closing.push(() => new Promise((resolve) => server.close(resolve)));
  return { place: `127.0.0.1:${(server.address() as AddressInfo).port}`, heard: () => heard };
}

describe('gatehouse osdp on a line', () => {
  it('sniffs it without a word, keeps it without its key, and decodes what it kept', async () => {
    const cwd = await temporaryFolder();
    const { place, heard } = await recordedLine();
    const sniff = new Running(['osdp', 'sniff', '--tcp', place, '--capture', 'line.osdpcap'], cwd);
    await sniff.until(/<- {3}0 s1 SCS_16 MAC \? +ACK/);
    expect(await sniff.stop()).toBe(0);
    expect(heard()).toBe(0);
    expect(sniff.out).toContain(`${capture.frames.length} frames, 0 with a wrong check, 0 bytes of noise`);
    expect(sniff.out).toContain('keyset under default key 1 x');
    const kept = readFileSync(join(cwd, 'line.osdpcap'), 'utf8').trim().split('\n');
    expect(kept).toHaveLength(capture.frames.length);
    // The first encrypted frame is the KEYSET: SCBK-D opens it.
    expect(kept[6]).toMatch(/-75(-00){36}-/);

    const decode = new Running(['osdp', 'decode', 'line.osdpcap', '--json'], cwd);
    expect(await decode.done).toBe(0);
    const views = decode.out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { readonly name?: string; readonly mac?: string });
    expect(views.map(({ name }) => name).slice(0, 3)).toEqual(['ID', 'PDID', 'CHLNG']);
    expect(views[6]).toMatchObject({ name: 'KEYSET', mac: 'wrong' });
  });

  it('says so when there is no line, no file or a broken one', async () => {
    const cwd = await temporaryFolder();
    writeFileSync(join(cwd, 'bad.osdpcap'), '{"timeSec":"1"}\n');
    const runs = [
      new Running(['osdp', 'sniff', '--serial', join(cwd, 'none')], cwd),
      new Running(['osdp', 'decode', 'none.osdpcap'], cwd),
      new Running(['osdp', 'decode', 'bad.osdpcap'], cwd),
    ];
    expect(await Promise.all(runs.map(({ done }) => done))).toEqual([2, 1, 1]);
    expect(runs.map(({ err }) => err).join('')).toMatch(/cannot be opened[^]*cannot be opened[^]*line 1 has no timeNano/);
  });

  it('finds the readers of a serial line', { timeout: 30_000 }, async () => {
    const cwd = await temporaryFolder();
    const pds = [3, 5].map((address) => new SimulatedPd({ address, scbk: scbkOf(address) }));
    const cable = await laySerialCable(cwd, pds, 115_200);
    closing.push(() => cable.close());
    const scan = new Running(['osdp', 'scan', '--serial', cable.path, '--baud', '115200'], cwd);
    expect(await scan.done).toBe(0);
    expect(scan.out).toMatch(/^address {3}3 at 115200 baud: vendor .*\naddress {3}5 at 115200 baud: .*\n2 found\n$/);
  });

  it('is a reader that a gateway opens a secure channel with: cards, keys and tamper come from its hand', async () => {
    const cwd = await temporaryFolder();
    writeFileSync(join(cwd, 'keys'), [1, 2].map((address) => Buffer.from(scbkOf(address)).toString('hex')).join('\n'));
    const simulate = new Running(['osdp', 'simulate', '--tcp', '0', '--address', '1', '--readers', '2', '--key-file', 'keys'], cwd);
    const [, port] = await simulate.until(/at tcp 127\.0\.0\.1:(\d+);/);
    const site = new OsdpSite({ kind: 'tcp', host: '127.0.0.1', port: Number(port) }, [1, 2]);
    closing.push(() => site.readers.stop());
    await site.readers.start();
    await site.until('online', 2);
    simulate.type('card 26 7 1234');
    await site.until('card_read', 1, 1);
    simulate.type('reader 2');
    simulate.type('key 12#');
    simulate.type('tamper on');
    await site.until('keypad', 1, 2);
    await site.untilTrue(() => site.of('local_status', 2).some((event) => 'tampered' in event && event.tampered), 'tamper');
    expect(site.of('card_read')).toMatchObject([{ bitCount: 26, bits: Uint8Array.of(0x83, 0x82, 0x69, 0x00) }]);
    expect(site.of('keypad')).toMatchObject([{ keys: '12#' }]);
    void site.readers.pulseOutput('reader_1' as never, 0, 200);
    await simulate.until(/ {2}1 OUT output 0 on for 0\.2 s[^]* {2}1 output 0 is on/);
    expect(simulate.out).toContain('  1 secure channel open\n');
    expect(await simulate.stop()).toBe(0);
  });

  it('refuses a port that is taken', async () => {
    const { place } = await recordedLine();
    const simulate = new Running(['osdp', 'simulate', '--tcp', place.split(':')[1] ?? '', '--install'], await temporaryFolder());
    expect(await simulate.done).toBe(2);
  });
});
