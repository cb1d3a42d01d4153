import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { SAMPLE_BUS, SAMPLE_CONFIG_FILE, SAMPLE_READER } from '#test/support/sample-config-file.ts';
import { PEOPLE_FILE_BYTES_MAX } from '#gateway/platform/people-file.ts';
import { GatewayError } from '#gateway/domain/errors.ts';
import { runCommand } from '#test/support/cli-run.ts';
import { temporaryFolder } from '#test/support/temporary-folder.ts';

async function configuredFolder(): Promise<string> {
  const cwd = await temporaryFolder();
  writeFileSync(join(cwd, 'gatehouse.yaml'), stringify(SAMPLE_CONFIG_FILE));
  return cwd;
}

describe('the command line', () => {
  it.each([['--help'], ['help'], ['suspend', '--help']])('explains itself: %s', async (...args) => {
    const { exitCode, out } = await runCommand(args, { cwd: await temporaryFolder() });
    expect(exitCode).toBe(0);
    expect(out).toMatch(/Usage: gatehouse/);
  });

  it.each([['nonsense'], ['status', '--nonsense'], ['suspend'], ['reader', 'nonsense'], ['badge', 'ann']])(
    'ends with 2 on wrong usage: %s',
    async (...args) => {
      const { exitCode, out, err } = await runCommand(args, { cwd: await temporaryFolder() });
      expect(exitCode).toBe(2);
      expect(out).toBe('');
      expect(err).toContain('COMMAND --help has the options and an example.');
    },
  );

  it('ends with 2 and its help without a command', async () => {
    const { exitCode, err } = await runCommand([], { cwd: await temporaryFolder() });
    expect(exitCode).toBe(2);
    expect(err).toMatch(/Usage: gatehouse/);
  });

  it('ends with 3 and says where it looked when no gateway runs', async () => {
    const cwd = await temporaryFolder();
    const { exitCode, err } = await runCommand(['status'], { cwd });
    expect(exitCode).toBe(3);
    expect(err).toContain(join(cwd, 'data', 'demo', 'control.sock'));
  });

  it('takes an empty variable for none, and not for the working folder', async () => {
    const cwd = await temporaryFolder();
    const { exitCode, err } = await runCommand(['status'], { cwd, env: { GATEHOUSE_CONFIG: '', GATEHOUSE_DATA_DIR: '' } });
    expect(exitCode).toBe(3);
    expect(err).toContain(join(cwd, 'data', 'demo', 'control.sock'));
  });

  it.each([
    ['without a token', { GATEHOUSE_URL: 'https://gatehouse.example' }],
    ['to another machine in plain http', { GATEHOUSE_URL: 'http://gatehouse.example:8080', GATEHOUSE_TOKEN: 'x' }],
    ['with an address that is none', { GATEHOUSE_URL: 'gatehouse', GATEHOUSE_TOKEN: 'x' }],
  ])('ends with 2 when asked to go over HTTP %s', async (_name, env) => {
    expect(await runCommand(['status'], { cwd: await temporaryFolder(), env })).toMatchObject({ exitCode: 2 });
  });

  it.each(['http://127.0.0.1:1', 'http://localhost:1', 'http://[::1]:1', 'https://localhost:1'])('sends its token to %s', async (url) => {
    const env = { GATEHOUSE_URL: url, GATEHOUSE_TOKEN: 'x' };
    expect(await runCommand(['status'], { cwd: await temporaryFolder(), env })).toMatchObject({ exitCode: 3 });
  });

  it('ends with 2 and the fields when the configuration is wrong', async () => {
    const cwd = await temporaryFolder();
    writeFileSync(join(cwd, 'gatehouse.yaml'), 'nonsense: 1\n');
    expect(await runCommand(['status'], { cwd })).toMatchObject({
      exitCode: 2,
      err: expect.stringMatching(/nonsense: is not a known field/) as string,
    });
  });

  it('starts the gateway with the environment, and with the folder and file of its options over it', async () => {
    const started: object[] = [];
    const cwd = await temporaryFolder();
    const world = { cwd, env: { GATEHOUSE_LOG_LEVEL: 'warn' }, start: (env: object) => Promise.resolve(void started.push(env)) };
    expect(await runCommand(['start'], world)).toMatchObject({ exitCode: 0 });
    expect(await runCommand(['--config', 'x.yaml', 'start', '--data-dir', 'here'], world)).toMatchObject({ exitCode: 0 });
    expect(started).toEqual([
      { GATEHOUSE_LOG_LEVEL: 'warn' },
      { GATEHOUSE_LOG_LEVEL: 'warn', GATEHOUSE_CONFIG: join(cwd, 'x.yaml'), GATEHOUSE_DATA_DIR: join(cwd, 'here') },
    ]);
    expect(await runCommand(['start', '--url', 'http://localhost:1'], world)).toMatchObject({ exitCode: 2 });
    expect(started).toHaveLength(2);
  });

  it('says its version', async () => {
    expect(await runCommand(['--version'], { cwd: await temporaryFolder() })).toMatchObject({ exitCode: 0, out: '1.2.3\n' });
  });

  it.each(['start', 'init', 'import', 'reader key', 'suspend', 'reinstate', 'enrol', 'status', 'decisions', 'audit verify', 'badge'])(
    'shows in the help of %s an example and the options that stand with every command',
    async (command) => {
      const { out } = await runCommand([...command.split(' '), '--help'], { cwd: await temporaryFolder() });
      expect(out).toMatch(new RegExp(`Examples:\\n  gatehouse .*${command}`));
      expect(out).toMatch(/Global Options:[^]*--data-dir/);
    },
  );

  it.each([
    ['suspend', ''],
    ['reinstate', 'ab'],
  ])('names the option whose text is refused: %s --reason "%s"', async (command, reason) => {
    const { exitCode, err } = await runCommand([command, 'ann', '--reason', reason], { cwd: await temporaryFolder() });
    expect([exitCode, err]).toEqual([2, 'gatehouse: --reason has fewer than 3 characters\n']);
  });

  it('takes the data folder of the environment as the gateway does: beside the configuration', async () => {
    const cwd = await configuredFolder();
    const world = { cwd: await temporaryFolder(), env: { GATEHOUSE_CONFIG: join(cwd, 'gatehouse.yaml'), GATEHOUSE_DATA_DIR: 'there' } };
    expect((await runCommand(['status'], world)).err).toContain(join(cwd, 'there', 'control.sock'));
  });
});

describe('init', () => {
  it('writes the file for the owner alone, and not over another one', async () => {
    const cwd = await temporaryFolder();
    const file = join(cwd, 'gatehouse.yaml');
    expect(await runCommand(['init'], { cwd })).toMatchObject({ exitCode: 0 });
    expect(statSync(file).mode & 0o777).toBe(0o600);
    writeFileSync(file, 'mine');
    expect(await runCommand(['init'], { cwd })).toMatchObject({ exitCode: 1 });
    expect(readFileSync(file, 'utf8')).toBe('mine');
    expect(await runCommand(['init', '--force'], { cwd })).toMatchObject({ exitCode: 0 });
    expect(readFileSync(file, 'utf8')).toMatch(/public_url/);
  });
});

describe('import', () => {
  it('hands the file to the store and counts what came of it', async () => {
    const cwd = await configuredFolder();
    writeFileSync(join(cwd, 'people.yaml'), 'people: [{ id: ann, name: Ann }]');
    const summary = { ok: true as const, people: 1, badges: 0, profiles: 0, grants: 0 };
    const { exitCode, out } = await runCommand(['import', 'people.yaml'], { cwd, tools: { importPeople: () => Promise.resolve(summary) } });
    expect(exitCode).toBe(0);
    expect(out).toBe('1 person, 0 badges, 0 profiles, 0 grants imported\n');
  });

  it('reads standard input instead of a file, up to what a file may have', async () => {
    const seen: number[] = [];
    const summary = { ok: true as const, people: 1, badges: 0, profiles: 0, grants: 0 };
    const world = async (text: string | null) => ({
      cwd: await configuredFolder(),
      readInput: (bytesMax: number) => Promise.resolve(bytesMax === PEOPLE_FILE_BYTES_MAX ? text : null),
      tools: {
        importPeople: (_config: unknown, { people }: { readonly people: readonly unknown[] }) =>
          Promise.resolve((seen.push(people.length), summary)),
      },
    });
    expect(await runCommand(['import', '-'], await world('people: [{ id: ann, name: Ann }]'))).toMatchObject({ exitCode: 0 });
    expect(seen).toEqual([1]);
    expect(await runCommand(['import', '-'], await world('people: ['))).toMatchObject({
      exitCode: 2,
      err: expect.stringMatching(/standard input: /) as string,
    });
    expect(await runCommand(['import', '-'], await world(null))).toMatchObject({
      exitCode: 2,
      err: expect.stringMatching(/standard input is larger/) as string,
    });
  });

  it('keeps people in the data folder that is named', async () => {
    const cwd = await configuredFolder();
    writeFileSync(join(cwd, 'people.yaml'), '{}');
    const folders: string[] = [];
    const summary = { ok: true as const, people: 0, badges: 0, profiles: 0, grants: 0 };
    const importPeople = ({ dataDir }: { readonly dataDir: string }) => Promise.resolve((folders.push(dataDir), summary));
    await runCommand(['--data-dir', 'elsewhere', 'import', 'people.yaml'], { cwd, tools: { importPeople } });
    expect(folders).toEqual([join(cwd, 'elsewhere')]);
  });

  it('names what does not fit', async () => {
    const cwd = await configuredFolder();
    writeFileSync(join(cwd, 'people.yaml'), '{}');
    const refused = { ok: false as const, problems: [{ path: 'grants[0].profile', message: 'there is no profile x' }] };
    const { exitCode, err } = await runCommand(['import', 'people.yaml'], { cwd, tools: { importPeople: () => Promise.resolve(refused) } });
    expect(exitCode).toBe(1);
    expect(err).toMatch(/nothing was imported:\n {2}grants\[0\]\.profile: there is no profile x/);
  });

  it('ends with 2 when the file or the configuration is wrong', async () => {
    const cwd = await configuredFolder();
    writeFileSync(join(cwd, 'people.yaml'), 'persons: []');
    expect(await runCommand(['import', 'people.yaml'], { cwd })).toMatchObject({
      exitCode: 2,
      err: expect.stringMatching(/persons: /) as string,
    });
    expect(await runCommand(['import', 'gone.yaml'], { cwd })).toMatchObject({ exitCode: 2 });
    expect(await runCommand(['import', 'people.yaml'], { cwd: await temporaryFolder() })).toMatchObject({
      exitCode: 2,
      err: expect.stringMatching(/gatehouse init/) as string,
    });
  });
});

describe('reader key', () => {
  const KEY = '00112233445566778899aabbccddeeff';

  /** Keeps a copy of the key as it was handed over, and the very buffer, to see what becomes of it. */
  async function setKey(args: readonly string[], input = '', config: object = SAMPLE_CONFIG_FILE) {
    const cwd = await temporaryFolder();
    writeFileSync(join(cwd, 'gatehouse.yaml'), stringify(config));
    const seen: { hex: string; buffer: Uint8Array | null } = { hex: '', buffer: null };
    const writeReaderKey = (_config: unknown, _readerId: string, key: Uint8Array) => {
      seen.hex = Buffer.from(key).toString('hex');
      seen.buffer = key;
      return Promise.resolve();
    };
    const result = await runCommand(['reader', 'key', ...args], {
      cwd,
      readInput: () => Promise.resolve(input),
      tools: { writeReaderKey },
    });
    return { ...result, seen };
  }

  it('stores the key given on standard input, prints nothing of it and wipes it', async () => {
    const { exitCode, out, seen } = await setKey(['front-in'], `${KEY}\n`);
    expect(exitCode).toBe(0);
    expect(seen.hex).toBe(KEY);
    expect(out).not.toContain(KEY);
    expect([...(seen.buffer ?? [1])].every((byte) => byte === 0)).toBe(true);
  });

  it('makes a key, and prints it only when asked', async () => {
    const generated = 'ab'.repeat(16);
    expect((await setKey(['front-in', '--generate'])).out).not.toContain(generated);
    expect((await setKey(['front-in', '--generate', '--show'])).out).toBe(`${generated}\n`);
  });

  it.each([
    ['too short', 'abcd'],
    ['too long', `${KEY}00`],
    ['not hex', KEY.replace('0', 'g')],
    ['nothing', ''],
  ])('refuses a key that is %s', async (_name, input) => {
    expect(await setKey(['front-in'], input)).toMatchObject({ exitCode: 2, seen: { hex: '' } });
  });

  it('takes and makes 32 bytes, and nothing shorter, for a reader of secure channel 2', async () => {
    const config = { ...SAMPLE_CONFIG_FILE, buses: [{ ...SAMPLE_BUS, readers: [{ ...SAMPLE_READER, secure_channel: 2 }] }] };
    const key = '4b'.repeat(32);
    expect(await setKey(['front-in'], key, config)).toMatchObject({ exitCode: 0, seen: { hex: key } });
    expect((await setKey(['front-in', '--generate', '--show'], '', config)).out).toBe(`${'ab'.repeat(32)}\n`);
    for (const wrong of [KEY, `${key}00`, key.replace('4', 'g')]) {
      expect(await setKey(['front-in'], wrong, config)).toMatchObject({ exitCode: 2, seen: { hex: '' } });
    }
  });

  it('refuses to show a key that was given, and readers that do not exist', async () => {
    expect(await setKey(['front-in', '--show'], KEY)).toMatchObject({ exitCode: 2, seen: { hex: '' } });
    const err = expect.stringMatching(/there is no reader gone; there are .*front-in/) as string;
    expect(await setKey(['gone'], KEY)).toMatchObject({ exitCode: 1, err, seen: { hex: '' } });
  });
});

describe('audit verify', () => {
  it('says that the chain is whole', async () => {
    const verdict = { ok: true as const, entries: 5, headSeq: 5, headHash: 'f'.repeat(64) };
    const tools = { auditFile: (folder: string) => `${folder}/audit.db`, verifyAudit: () => Promise.resolve(verdict) };
    expect(await runCommand(['audit', 'verify'], { cwd: await temporaryFolder(), tools })).toMatchObject({
      exitCode: 0,
      out: expect.stringMatching(/^5 entries, whole; head 5 f+\n$/) as string,
    });
  });

  it('names the first broken entry', async () => {
    const verdict = { ok: false as const, brokenSeq: 3, cause: 'hash_mismatch' as const, entriesBefore: 2 };
    const files: string[] = [];
    const verifyAudit = (file: string) => {
      files.push(file);
      return Promise.resolve(verdict);
    };
    const { exitCode, err } = await runCommand(['audit', 'verify', '--file', '/x.db'], {
      cwd: await temporaryFolder(),
      tools: { verifyAudit },
    });
    expect(exitCode).toBe(1);
    expect(err).toMatch(/broken at entry 3 \(hash_mismatch\); the 2 entries before it are whole/);
    expect(files).toEqual(['/x.db']);
  });

  it.each([
    ['/nope', 'there is no such file'],
    ['/dev/null', 'The file is not a log of the gateway.'],
  ])('names a file that it cannot read: %s', async (file, why) => {
    const verifyAudit = () => Promise.reject(new GatewayError('store.unavailable', 'The file is not a log of the gateway.'));
    const world = { cwd: await temporaryFolder(), tools: { verifyAudit } };
    expect(await runCommand(['audit', 'verify', '--file', file], world)).toMatchObject({
      exitCode: 1,
      err: `gatehouse: ${file} cannot be verified: ${why}\n`,
    });
  });
});
