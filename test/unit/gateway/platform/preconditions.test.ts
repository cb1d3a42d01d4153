import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { controlSocketPath, SOCKET_PATH_BYTES_MAX } from '#gateway/platform/control-socket.ts';
import { assertNodeVersion, checkNodeVersion, prepareDataDir } from '#gateway/platform/preconditions.ts';
import { temporaryFolder } from '#test/support/temporary-folder.ts';

const modeOf = (path: string): number => statSync(path).mode & 0o777;

describe('the Node version', () => {
  it.each(['24.12.0', '24.21.0', '25.0.0'])('%s is recent enough', (version) => {
    expect(checkNodeVersion(version)).toBeNull();
  });

  it.each(['24.11.9', '22.22.0', '20.20.2', 'garbage'])('%s is refused with what to do', (version) => {
    expect(checkNodeVersion(version)).toMatch(/npm start/);
    expect(() => assertNodeVersion(version)).toThrow(expect.objectContaining({ code: 'config.invalid' }));
  });
});

describe('the data folder', () => {
  it('is made for the owner alone, with the folders above it', async () => {
    const folder = join(await temporaryFolder(), 'a', 'b');
    prepareDataDir(folder);
    expect(modeOf(folder)).toBe(0o700);
  });

  it('is taken away from group and others when it was open', async () => {
    const folder = join(await temporaryFolder(), 'open');
    mkdirSync(folder);
    chmodSync(folder, 0o755);
    prepareDataDir(folder);
    expect(modeOf(folder)).toBe(0o700);
  });

  it('is refused by name when it is a file', async () => {
    const file = join(await temporaryFolder(), 'file');
    writeFileSync(file, '');
    expect(() => prepareDataDir(file)).toThrow(
      expect.objectContaining({ code: 'config.invalid', publicMessage: expect.stringMatching(/^data_dir: /) as string }),
    );
  });
});

describe.runIf(existsSync('/proc/self'))('a data folder where the kernel lets nobody make one', () => {
  it.each(['/proc/nope', '/proc/nope/deeper'])('%s is refused at once and by name', (folder) => {
    // In a process of its own: what hangs here hangs without an event loop that a timeout could use.
    const module = new URL('../../../../gateway/platform/preconditions.ts', import.meta.url).href;
    const script = `const { prepareDataDir } = await import('${module}'); prepareDataDir('${folder}')`;
    const { status, stderr } = spawnSync(process.execPath, ['--input-type=module', '--eval', script], {
      timeout: 10_000,
      encoding: 'utf8',
    });
    expect(status).toBe(1);
    expect(stderr).toContain(`data_dir: ${folder} cannot be made`);
  });
});

describe('the control socket', () => {
  it('may have the longest path that every system takes, and no more', () => {
    const room = SOCKET_PATH_BYTES_MAX - '/control.sock'.length;
    expect(controlSocketPath(`/${'d'.repeat(room - 1)}`)).toHaveLength(SOCKET_PATH_BYTES_MAX);
    expect(() => controlSocketPath(`/${'d'.repeat(room)}`)).toThrow(expect.objectContaining({ code: 'config.invalid' }));
  });
});
