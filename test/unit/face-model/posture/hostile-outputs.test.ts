import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LINUX_PROBES } from '#face-model/posture/linux-probes.ts';
import { createThisMachine, PROBE_BYTES_MAX, type Machine } from '#face-model/posture/machine.ts';
import { MACOS_PROBES } from '#face-model/posture/macos-probes.ts';
import { probePosture } from '#face-model/posture/probe-posture.ts';
import type { Probes } from '#face-model/posture/probes.ts';
import { WINDOWS_PROBES } from '#face-model/posture/windows-probes.ts';
import { OS_TEXT_CHARS_MAX, postureStatementSchema } from '#gateway/domain/desk/posture.ts';
import { recordedMachine } from '#test/support/recorded-machine.ts';
import { temporaryFolder } from '#test/support/temporary-folder.ts';

type State = 'disk_encryption' | 'firewall' | 'screen_lock' | 'secure_boot';
const isTaken = (posture: unknown): boolean => postureStatementSchema.safeParse({ device: 'dsk_1', posture, observed_at_ms: 1 }).success;

/** Says the same to whatever it is asked. */
const saying = (text: string | null, environment: Readonly<Record<string, string>> = {}): Machine => ({
  ...recordedMachine({ environment }),
  run: async () => text,
  read: async () => (text === null ? null : Buffer.from(text, 'utf8')),
  list: async () => (text === null ? null : text.split('\n').slice(0, 3)),
});

/** Of each output that is good, what of it is still good when its end is missing: nothing but the line that says so. */
const GOOD: readonly (readonly [Probes, State, string, whole: string])[] = [
  [MACOS_PROBES, 'disk_encryption', 'FileVault is On.\n', 'FileVault is On.'],
  [MACOS_PROBES, 'firewall', 'Firewall is enabled. (State = 1)\n', 'Firewall is enabled. (State = 1)'],
  [MACOS_PROBES, 'screen_lock', 'sysadminctl[1:2] screenLock delay is 300 seconds\n', 'sysadminctl[1:2] screenLock delay is 300 seconds'],
  [MACOS_PROBES, 'secure_boot', '  Boot Policy:\n    Secure Boot: Full Security\n', '  Boot Policy:\n    Secure Boot: Full Security'],
  [WINDOWS_PROBES, 'firewall', '[1,1,1]\r\n', '[1,1,1]'],
  [WINDOWS_PROBES, 'secure_boot', 'true\r\n', 'true'],
  [WINDOWS_PROBES, 'screen_lock', '{"machine":900,"active":null,"secure":null}', '{"machine":900,"active":null,"secure":null}'],
  [
    LINUX_PROBES,
    'firewall',
    'table inet filter {\n\tchain input {\n\t\ttype filter hook input priority filter; policy drop;\n\t}\n}\n',
    'table inet filter {\n\tchain input {\n\t\ttype filter hook input priority filter; policy drop;\n\t}',
  ],
];
const BAD: readonly (readonly [Probes, State, string])[] = [
  [MACOS_PROBES, 'disk_encryption', 'FileVault is Off.\n'],
  [MACOS_PROBES, 'firewall', 'Firewall is disabled. (State = 0)\n'],
  [MACOS_PROBES, 'screen_lock', 'sysadminctl[1:2] screenLock is off\n'],
  [MACOS_PROBES, 'secure_boot', '  Boot Policy:\n    Secure Boot: Permissive Security\n'],
  [WINDOWS_PROBES, 'disk_encryption', '0'],
  [WINDOWS_PROBES, 'firewall', '[1,0,1]'],
  [WINDOWS_PROBES, 'secure_boot', 'false'],
  [WINDOWS_PROBES, 'screen_lock', '{"machine":0,"active":"1","secure":"0"}'],
  [LINUX_PROBES, 'firewall', 'table inet filter {\n\tchain input {\n\t\ttype filter hook input priority 0; policy accept;\n\t}\n}\n'],
];

describe('an output whose end is missing', () => {
  it.each(GOOD)('%# is good from the line on that says so', async (probes, name, output, whole) => {
    for (let length = 0; length <= output.length; length += 1) {
      const state = await probes[name](saying(output.slice(0, length)));
      expect(state === 'on', output.slice(0, length)).toBe(length >= whole.length);
    }
  });

  it.each(BAD)('%# is never good, nor with any one character missing', async (probes, name, output) => {
    for (let at = 0; at <= output.length; at += 1) {
      expect(await probes[name](saying(output.slice(0, at)))).not.toBe('on');
      expect(await probes[name](saying(output.slice(0, at) + output.slice(at + 1)))).not.toBe('on');
    }
  });
});

describe('whatever a machine says', () => {
  const words = fc.constantFrom(
    'on',
    'true',
    '1',
    '[',
    '{',
    '}',
    'null',
    '\n',
    '\0',
    '/',
    ' 8:1 ',
    'chain x {',
    'CRYPT-',
    '-P INPUT DROP',
    '\u202e',
  );
  const outputs = fc.oneof(
    fc.string(),
    fc.array(fc.oneof(words, fc.string({ maxLength: 8 })), { maxLength: 30 }).map((parts) => parts.join('')),
  );

  it.each(['linux', 'darwin', 'win32'] as const)('on %s it is a posture that the gateway takes', async (platform) => {
    const desktops = [{}, { XDG_CURRENT_DESKTOP: 'GNOME' }, { XDG_CURRENT_DESKTOP: 'KDE', HOME: '/home/ann' }];
    await fc.assert(
      fc.asyncProperty(fc.option(outputs), fc.constantFrom(...desktops), async (text, environment) => {
        expect(isTaken(await probePosture(saying(text, environment), platform))).toBe(true);
      }),
      { numRuns: 200 },
    );
  });

  it('a number is not taken for the date of an update', async () => {
    const posture = await probePosture(saying('100'), 'darwin');
    expect(posture.os.age_days).toBeNull();
    expect(isTaken(posture)).toBe(true);
  });

  it('its name holds nothing that moves what stands beside it, and is as long as allowed', async () => {
    const release = `NAME="Debian\u202e\u0007 ${'x'.repeat(OS_TEXT_CHARS_MAX)}"\nVERSION_ID="13"\n`;
    const { os } = await probePosture(recordedMachine({ files: { '/etc/os-release': release } }), 'linux');
    expect(os.name).toBe(`Debian ${'x'.repeat(OS_TEXT_CHARS_MAX)}`.slice(0, OS_TEXT_CHARS_MAX));
    const posture = { ...(await probePosture(saying(null), 'linux')), os: { name: 'Debian\u202e', version: '13', age_days: 1 } };
    expect(isTaken(posture)).toBe(false);
  });
});

describe('a file of this machine', () => {
  const machine = createThisMachine({});

  it('is read to its end, though the kernel gives some of them a page at a time', async () => {
    const maps = Buffer.from((await machine.read('/proc/self/maps')) ?? []).toString('utf8');
    expect(maps.length).toBeGreaterThan(8_192);
    expect(maps.endsWith('\n')).toBe(true);
    expect(maps).toContain('[stack]');
  });

  it('is as long as a probe reads, or is not known', async () => {
    const path = join(await temporaryFolder(), 'file');
    await writeFile(path, new Uint8Array(PROBE_BYTES_MAX));
    expect(await machine.read(path)).toHaveLength(PROBE_BYTES_MAX);
    await writeFile(path, new Uint8Array(PROBE_BYTES_MAX + 1));
    expect(await machine.read(path)).toBeNull();
  });

  it('and a command are not known when they are not there, fail, or say too much', async () => {
    expect(await machine.read('/nowhere')).toBeNull();
    expect(await machine.run(['/nowhere'])).toBeNull();
    expect(await machine.run([process.execPath, '-e', 'process.exit(1)'])).toBeNull();
    expect(await machine.run([process.execPath, '-e', `process.stdout.write('x'.repeat(${String(PROBE_BYTES_MAX + 1)}))`])).toBeNull();
    expect(await machine.run([process.execPath, '-e', "console.error('two'); console.log('one')"], 'both')).toBe('one\n\ntwo\n');
  });
});
