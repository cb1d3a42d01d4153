import { writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { once } from 'node:events';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { describe, expect, it, onTestFinished } from 'vitest';
import { stringify } from 'yaml';
import type { CliTools } from '#gateway/cli/cli-context.ts';
import type { OsdpTools, SimulatedHands } from '#gateway/cli/osdp-tools.ts';
import { INPUT_LINE_MAX, readInputLines } from '#gateway/cli/read-input-lines.ts';
import { moveHand } from '#gateway/cli/simulated-hand.ts';
import { encodeWiegand26 } from '#gateway/cli/wiegand-26.ts';
import type { LineFrame, LineReport } from '#gateway/ports/line-view.ts';
import { runCommand } from '#test/support/cli-run.ts';
import { SAMPLE_CONFIG_FILE } from '#test/support/sample-config-file.ts';
import { temporaryFolder } from '#test/support/temporary-folder.ts';

const FRAME: LineFrame = {
  kind: 'frame',
  atMs: 1_700_000_000_123,
  direction: 'reply',
  address: 3,
  sequence: 2,
  check: 'crc',
  lengthBytes: 16,
  block: 'SCS_18',
  keyKind: 'scbk',
  mac: 'valid',
  code: 0x50,
  name: 'RAW',
  body: 'decrypted',
  text: 'card wiegand, 26 bits, number not shown',
  isRedacted: true,
  isRepeat: false,
  answers: 'POLL',
  turnaroundMs: 3.25,
  anomalies: [],
  hex: '53',
};
const POLL: LineFrame = {
  ...FRAME,
  direction: 'command',
  name: 'POLL',
  text: '',
  body: 'none',
  block: 'SCS_15',
  answers: null,
  turnaroundMs: null,
};
const REPORT: LineReport = {
  frames: 2,
  noiseBytes: 0,
  badCheck: 1,
  readers: [
    {
      address: 3,
      security: 'default_key',
      identity: null,
      commands: 1,
      replies: 1,
      repeats: 0,
      unanswered: 0,
      naks: 0,
      busy: 0,
      macsValid: 2,
      macsWrong: 0,
      turnaround: { count: 1, minMs: 3, meanMs: 3.25, maxMs: 4 },
      anomalies: { default_key: 2 },
    },
  ],
};

const unexpected = (): never => {
  throw new TypeError('not expected');
};

/** Tools that write down what they are asked, and show two frames. */
function fakeTools(asked: unknown[], others: Partial<OsdpTools> = {}): Partial<CliTools> {
  const watch = (
    options: Parameters<OsdpTools['decode']>[0] | Parameters<OsdpTools['sniff']>[0],
  ): Promise<LineReport & { lost: number }> => {
    const { onView, ...rest } = options;
    asked.push(rest);
    onView(POLL);
    onView(FRAME);
    onView({ kind: 'broken', atMs: 0, fault: 'check', address: 3, lengthBytes: 9 });
    return Promise.resolve({ ...REPORT, lost: 0 });
  };
  return { osdp: { bauds: [9_600, 115_200], sniff: watch, decode: watch, scan: unexpected, simulate: unexpected, ...others } };
}

describe('gatehouse osdp', () => {
  it.each(['sniff', 'decode', 'scan', 'simulate'])('%s explains itself with an example', async (command) => {
    const { exitCode, out } = await runCommand(['osdp', command, '--help'], { cwd: await temporaryFolder() });
    expect(exitCode).toBe(0);
    expect(out).toMatch(new RegExp(`Examples:\\n  gatehouse osdp ${command}`));
  });

  it.each([
    ['no line', ['sniff']],
    ['two lines', ['sniff', '--serial', '/dev/x', '--tcp', 'h:1']],
    ['no port', ['sniff', '--tcp', 'host']],
    ['a port that is none', ['scan', '--tcp', 'host:99999']],
    ['a speed that OSDP does not have', ['sniff', '--serial', '/dev/x', '--baud', '1200']],
    ['a speed on TCP', ['scan', '--tcp', 'host:1', '--baud', '9600']],
    ['neither keys nor install mode', ['simulate', '--tcp', '0']],
    ['both keys and install mode', ['simulate', '--tcp', '0', '--install', '--key-file', 'x']],
    ['a key file that is not there', ['simulate', '--tcp', '0', '--key-file', 'none']],
    ['an address that is none', ['simulate', '--tcp', '0', '--install', '--address', '127']],
    ['more readers than addresses', ['simulate', '--tcp', '0', '--install', '--address', '126', '--readers', '2']],
    ['keys without a configuration', ['decode', 'x', '--with-keys']],
    ['a host that is none', ['scan', '--tcp', ':4001']],
  ])('ends with 2 on %s', async (_name, args) => {
    expect(await runCommand(['osdp', ...args], { cwd: await temporaryFolder(), tools: fakeTools([]) })).toMatchObject({
      exitCode: 2,
      out: '',
    });
  });
});

describe('gatehouse osdp sniff and decode', () => {
  it('print one line for a frame and a summary', async () => {
    const asked: unknown[] = [];
    const { exitCode, out } = await runCommand(['osdp', 'decode', 'x.osdpcap'], { cwd: '/tmp', tools: fakeTools(asked) });
    expect(exitCode).toBe(0);
    expect(asked).toEqual([{ keysOf: null, reveal: false, file: '/tmp/x.osdpcap' }]);
    const lines = out.split('\n');
    expect(lines[0]).toMatch(/ ->   3 s2 SCS_15 MAC ok\s+POLL$/);
    expect(lines[1]).toMatch(/\.123 <-   3 s2 SCS_18 MAC ok\s+RAW\s+card wiegand, 26 bits, number not shown 3\.3 ms$/);
    expect(lines[2]).toMatch(/ \?\?   3 broken frame of 9 bytes: wrong check$/);
    expect(out).toContain('2 frames, 1 with a wrong check, 0 bytes of noise');
    expect(out).toContain('address 3: default key 2 x');
  });

  it('leave out idle polls when asked to', async () => {
    const { out } = await runCommand(['osdp', 'decode', 'x', '--no-polls'], { cwd: '/tmp', tools: fakeTools([]) });
    expect(out).not.toContain('POLL');
    expect(out).toContain('RAW');
  });

  it('print one JSON object a line for scripts', async () => {
    const { out } = await runCommand(['osdp', 'sniff', '--tcp', '[::1]:4001', '--json'], { cwd: '/tmp', tools: fakeTools([]) });
    const objects = out
      .trim()
      .split('\n')
      .map((line) => (JSON.parse(line) as { readonly kind: string }).kind);
    expect(objects).toEqual(['frame', 'frame', 'broken', 'report']);
  });

  it('take line, capture and reveal from the options', async () => {
    const asked: unknown[] = [];
    const args = ['osdp', 'sniff', '--serial', '/dev/x', '--baud', '115200', '--capture', 'line.pcap', '--reveal'];
    await runCommand(args, { cwd: '/tmp', tools: fakeTools(asked) });
    const line = { kind: 'serial', path: '/dev/x', baud: 115_200 };
    expect(asked).toMatchObject([{ line, captureFile: '/tmp/line.pcap', reveal: true, keysOf: null }]);
  });
});

/** A configuration with one bus on TCP, and whether a gateway runs with it. */
async function site(isRunning: boolean): Promise<{ readonly cwd: string; readonly tcp: string }> {
  const cwd = await temporaryFolder();
  const [bus] = SAMPLE_CONFIG_FILE.buses;
  if (bus === undefined || !('tcp' in bus.link)) throw new TypeError('the sample has no bus on TCP');
  writeFileSync(join(cwd, 'gatehouse.yaml'), stringify({ ...SAMPLE_CONFIG_FILE, data_dir: join(cwd, 'data') }));
  if (isRunning) {
    await mkdir(join(cwd, 'data'), { recursive: true });
    const server = createServer((_request, response) => response.writeHead(500).end()).listen(join(cwd, 'data', 'control.sock'));
    await once(server, 'listening');
    onTestFinished(() => void server.close());
  }
  return { cwd, tcp: `${bus.link.tcp.host}:${bus.link.tcp.port}` };
}

describe('a line of the gateway', () => {
  it.each(['scan', 'sniff'])('is left alone by %s while it runs, also when it does not say that it does', async (command) => {
    const { cwd, tcp } = await site(true);
    const run = await runCommand(['osdp', command, '--tcp', tcp], { cwd, tools: fakeTools([]) });
    expect(run).toMatchObject({ exitCode: 1, err: expect.stringContaining('of the running gateway has this line') as string });
  });

  it('may be used while it does not run, and another line always', async () => {
    const stopped = await site(false);
    expect(await runCommand(['osdp', 'sniff', '--tcp', stopped.tcp], { cwd: stopped.cwd, tools: fakeTools([]) })).toMatchObject({
      exitCode: 0,
    });
    const running = await site(true);
    expect(await runCommand(['osdp', 'sniff', '--tcp', 'other:1'], { cwd: running.cwd, tools: fakeTools([]) })).toMatchObject({
      exitCode: 0,
    });
  });
});

describe('gatehouse osdp scan', () => {
  const scan: OsdpTools['scan'] = ({ onFound, line, bauds }) => {
    onFound({ kind: 'reader', baud: 9_600, address: 4, identity: 'vendor 010203', claimsSecureChannel: false });
    if (line.kind === 'serial') onFound({ kind: 'address_conflict', baud: bauds?.at(-1) ?? null, address: 5 });
    return Promise.resolve(line.kind === 'serial');
  };

  it('tells what it found, and that it was interrupted', async () => {
    const { exitCode, out } = await runCommand(['osdp', 'scan', '--tcp', 'h:1'], { cwd: '/tmp', tools: fakeTools([], { scan }) });
    expect(exitCode).toBe(0);
    expect(out).toBe(
      'address   4 at 9600 baud: vendor 010203; says that it knows no secure channel\n1 found; interrupted before the end\n',
    );
  });

  it('asks at every speed of a serial line, and ends with 1 when readers share an address', async () => {
    const { exitCode, out } = await runCommand(['osdp', 'scan', '--serial', '/dev/x'], { cwd: '/tmp', tools: fakeTools([], { scan }) });
    expect(exitCode).toBe(1);
    expect(out).toContain('address   5 at 115200 baud: two or more readers answer here');
  });
});

describe('gatehouse osdp simulate', () => {
  it('gives each reader its key, moves its hand and prints what it is told', async () => {
    const cwd = await temporaryFolder();
    writeFileSync(join(cwd, 'keys'), `${'0a'.repeat(16)}\n\n${'0b'.repeat(16)}\n`);
    const keys: string[] = [];
    const done: string[] = [];
    const hands = (name: string): SimulatedHands => ({
      presentCard: (bits, bitCount) => void done.push(`${name} card ${Buffer.from(bits).toString('hex')}/${bitCount}`),
      pressKeys: (pressed) => void done.push(`${name} keys ${pressed}`),
      setTampered: (tampered) => void done.push(`${name} tamper ${tampered}`),
      setInput: (input, state) => void done.push(`${name} input ${input} ${state}`),
    });
    const interrupt = new AbortController();
    const simulate: OsdpTools['simulate'] = ({ readers, onTold }) => {
      for (const { address, key } of readers) keys.push(`${address}:${Buffer.from(key ?? []).toString('hex')}`);
      onTold(8, 'LED green');
      return Promise.resolve({
        place: 'here',
        readers: [hands('first'), hands('second')],
        close: () => Promise.resolve(void done.push('closed')),
      });
    };
    async function* readLines(): AsyncGenerator<string> {
      yield* ['card 26 7 1234', 'reader 9', 'key 1234#', 'tamper on', 'input 0 active', '', 'dance'];
      interrupt.abort();
    }
    const world = { cwd, tools: fakeTools([], { simulate }), readLines, catchInterrupt: () => interrupt.signal };
    const { exitCode, out, err } = await runCommand(
      ['osdp', 'simulate', '--tcp', '0', '--address', '8', '--readers', '2', '--key-file', 'keys'],
      world,
    );
    expect(exitCode).toBe(0);
    expect(keys).toEqual([`8:${'0a'.repeat(16)}`, `9:${'0b'.repeat(16)}`]);
    expect(done).toEqual(['first card 83826900/26', 'second keys 1234#', 'second tamper true', 'second input 0 active', 'closed']);
    expect(out).toBe('  8 LED green\nreaders 8, 9 at here; Ctrl+C ends it\n');
    expect(err).toContain('not understood');
  });

  it.each(['0a'.repeat(15), `${'0a'.repeat(16)}\n${'0b'.repeat(16)}`, '', 'zz'.repeat(16)])(
    'refuses a key file that does not fit: %s',
    async (text) => {
      const cwd = await temporaryFolder();
      writeFileSync(join(cwd, 'keys'), text);
      const run = await runCommand(['osdp', 'simulate', '--tcp', '0', '--key-file', 'keys'], { cwd, tools: fakeTools([]) });
      expect(run).toMatchObject({ exitCode: 2, err: expect.not.stringContaining('0a0a') as string });
    },
  );
});

describe('a hand at a simulated reader', () => {
  const reader: SimulatedHands = {
    presentCard: () => undefined,
    pressKeys: () => undefined,
    setTampered: () => undefined,
    setInput: () => {
      throw new TypeError('no input');
    },
  };

  it.each([
    '',
    'card',
    'card 26 256 1',
    'card 26 1 65536',
    'card 37 1 1',
    'card 26 1 1 1',
    'key',
    'key abc',
    `key ${'1'.repeat(256)}`,
    'tamper maybe',
    'input 9 active',
    'input 0 sideways',
  ])('does not do %j, and says why', (line) => {
    expect(moveHand(reader, line)).toEqual(expect.any(String));
  });

  it('does the largest of everything', () => {
    expect(['card 26 255 65535', `key ${'1'.repeat(255)}`].map((line) => moveHand(reader, line))).toEqual([null, null]);
  });

  it.each([
    [0, 0, '0000 0040'],
    [255, 65_535, '7fff ffc0'],
    [1, 1, '8080 0080'],
  ])('writes facility %i, number %i as Wiegand 26 with both parities', (facility, number, bits) => {
    const encoded = encodeWiegand26(facility, number) ?? new Uint8Array(0);
    const shown = Array.from(encoded, (byte) => byte.toString(2).padStart(8, '0'))
      .join('')
      .slice(0, 26);
    expect([...shown.slice(0, 13)].filter((bit) => bit === '1').length % 2).toBe(0);
    expect([...shown.slice(13)].filter((bit) => bit === '1').length % 2).toBe(1);
    expect(Buffer.from(encoded).toString('hex')).toBe(bits.replace(' ', ''));
  });
});

describe('lines of standard input', () => {
  const read = async (chunks: readonly string[], signal = new AbortController().signal): Promise<readonly string[]> => {
    const lines: string[] = [];
    for await (const line of readInputLines(Readable.from(chunks), signal)) lines.push(line);
    return lines;
  };

  it('come whole however they are cut, the last one without an end as well', async () => {
    expect(await read(['a', 'b\nc', '\n\nd'])).toEqual(['ab', 'c', '', 'd']);
  });

  it('end with one that is too long', async () => {
    expect(await read(['x'.repeat(INPUT_LINE_MAX)])).toHaveLength(1);
    expect(await read(['ok\n', 'x'.repeat(INPUT_LINE_MAX + 1), '\nnever\n'])).toEqual(['ok']);
  });

  it('end when the program is interrupted', async () => {
    const interrupt = new AbortController();
    const input = new Readable({ read: () => undefined });
    setTimeout(() => interrupt.abort(), 5);
    const lines: string[] = [];
    for await (const line of readInputLines(input, interrupt.signal)) lines.push(line);
    expect(lines).toEqual([]);
  });
});
