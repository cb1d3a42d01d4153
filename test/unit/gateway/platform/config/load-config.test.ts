import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { renderInitFile } from '#gateway/platform/config/init-file.ts';
import { loadConfig, parseConfig, readYamlFile } from '#gateway/platform/config/load-config.ts';
import { temporaryFolder } from '#test/support/temporary-folder.ts';

let folder = '';
beforeEach(async () => {
  folder = await temporaryFolder();
});

function write(text: string): string {
  const file = join(folder, 'gatehouse.yaml');
  writeFileSync(file, text);
  return file;
}

describe('the configuration file', () => {
  it('is read, and a relative data folder is beside it', () => {
    expect(loadConfig({ file: write('{ listen: { port: 4000 }, public_url: http://localhost:4000 }'), env: {} })).toMatchObject({
      listen: { port: 4_000 },
      dataDir: join(folder, 'data'),
    });
  });

  it('may be empty', () => {
    expect(loadConfig({ file: write('# nothing yet\n'), env: {} }).listen.port).toBe(8_080);
  });

  it.each([
    ['is absent', () => join(folder, 'gone.yaml')],
    ['is no YAML', () => write('a: [')],
    ['says a key twice', () => write('listen: {}\nlisten: {}\n')],
    ['explodes through aliases', () => write(toBomb())],
  ])('is refused when it %s', (_name, make) => {
    expect(() => loadConfig({ file: make(), env: {} })).toThrow(expect.objectContaining({ code: 'config.unreadable' }));
  });

  it('is no YAML at a line and column, in one sentence', () => {
    expect(() => loadConfig({ file: write('a: [1\nb: 2'), env: {} })).toThrow(
      expect.objectContaining({ publicMessage: expect.stringMatching(/gatehouse\.yaml: .* at line \d+, column \d+$/) as string }),
    );
  });

  it('is refused when it is longer than it may be', () => {
    const file = write('a: 1');
    expect(readYamlFile(file, 4)).toEqual({ a: 1 });
    expect(() => readYamlFile(file, 3)).toThrow(expect.objectContaining({ code: 'config.unreadable' }));
  });
});

/** Nine levels of nine aliases each: 3 x 10^8 values from a few lines. */
function toBomb(): string {
  const levels = Array.from({ length: 9 }, (_, i) => `l${i + 1}: &l${i + 1} [${new Array(9).fill(`*l${i}`).join(', ')}]`);
  return ['l0: &l0 [x, x, x]', ...levels].join('\n');
}

describe('the file that init writes', () => {
  const text = renderInitFile();

  it('is accepted as it is', () => {
    const config = parseConfig(parse(text));
    expect(config.installation.doors.length).toBeGreaterThan(0);
    expect(config.installation.readers.length).toBeGreaterThan(0);
    expect(config.clients.length).toBeGreaterThan(0);
  });

  it('shows for every single value its meaning, unit, default and environment variable', () => {
    expect(text).toMatch(
      /# Bounds how long a token.*\n {2}# \(seconds, 30 to 300; default 300; environment GATEHOUSE_OIDC_ACCESS_TOKEN_TTL_S\)\n {2}access_token_ttl_s: 300\n/,
    );
  });

  it('holds the defaults: what it says beyond the example changes nothing', () => {
    const written = parseConfig(parse(text));
    const bare = parseConfig({});
    expect(written.oidc).toEqual(bare.oidc);
    expect(written.console).toEqual(bare.console);
    expect(written.decide).toEqual(bare.decide);
    expect(written.log).toEqual(bare.log);
  });

  it('quotes the values that it speaks of', () => {
    expect(text).toContain("The schedule 'always' exists without being written here.");
  });

  it('explains a list of things once', () => {
    expect(text.split('# OSDP address, unique on the bus.').length).toBe(2);
  });
});
