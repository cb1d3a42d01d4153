import { describe, expect, it } from 'vitest';
import { MACOS_PROBES } from '#face-model/posture/macos-probes.ts';
import { WINDOWS_PROBES } from '#face-model/posture/windows-probes.ts';
import { recordedMachine } from '#test/support/recorded-machine.ts';

/*
 * Outputs as Apple's and Microsoft's documentation and manual pages show them; nobody of us has run the commands.
 */
describe('a Mac', () => {
  const FIREWALL = '/usr/libexec/ApplicationFirewall/socketfilterfw --getglobalstate';
  const LOCK = '/usr/sbin/sysadminctl -screenLock status';
  const BOOT = '/usr/sbin/system_profiler SPiBridgeDataType';
  const UPDATES = '/usr/bin/defaults read /Library/Preferences/com.apple.SoftwareUpdate LastFullSuccessfulDate';
  const cases = [
    ['disk_encryption', '/usr/bin/fdesetup status', 'FileVault is On.\n', 'on'],
    ['disk_encryption', '/usr/bin/fdesetup status', 'FileVault is Off.\n', 'off'],
    ['disk_encryption', '/usr/bin/fdesetup status', 'FileVault is On.\nEncryption in progress: Percent completed = 32\n', 'off'],
    ['disk_encryption', '/usr/bin/fdesetup status', 'FileVault ist ein.\n', 'unknown'],
    ['firewall', FIREWALL, 'Firewall is enabled. (State = 1)\n', 'on'],
    ['firewall', FIREWALL, 'Firewall is enabled. (State = 2)\n', 'on'],
    ['firewall', FIREWALL, 'Firewall is disabled. (State = 0)\n', 'off'],
    ['screen_lock', LOCK, '2026-11-20 10:00:00.000 sysadminctl[1:2] screenLock delay is immediate\n', 'on'],
    ['screen_lock', LOCK, '2026-11-20 10:00:00.000 sysadminctl[1:2] screenLock delay is 300 seconds\n', 'on'],
    ['screen_lock', LOCK, '2026-11-20 10:00:00.000 sysadminctl[1:2] screenLock is off\n', 'off'],
    ['secure_boot', BOOT, 'Controller:\n\n  Boot Policy:\n    Secure Boot: Full Security\n', 'on'],
    ['secure_boot', BOOT, 'Controller:\n\n  Boot Policy:\n    Secure Boot: Reduced Security\n', 'off'],
    ['secure_boot', BOOT, '', 'unknown'],
  ] as const;
  it.each(cases)('%s: %s says %j', async (probe, command, output, state) => {
    expect(await MACOS_PROBES[probe](recordedMachine({ commands: { [command]: output } }))).toBe(state);
  });

  it('says which system it has, and when it last looked for updates with success', async () => {
    const commands = {
      '/usr/bin/sw_vers': 'ProductName:\t\tmacOS\nProductVersion:\t\t15.6.1\nBuildVersion:\t\t24G90\n',
      [UPDATES]: '2026-11-20 08:11:02 +0000\n',
    };
    const updatedAtMs = Date.UTC(2026, 10, 20, 8, 11, 2);
    expect(await MACOS_PROBES.system(recordedMachine({ commands }))).toEqual({ name: 'macOS', version: '15.6.1', updatedAtMs });
    const noDate = { '/usr/bin/sw_vers': commands['/usr/bin/sw_vers'] };
    expect(await MACOS_PROBES.system(recordedMachine({ commands: noDate }))).toMatchObject({ updatedAtMs: null });
  });
});

describe('a Windows machine', () => {
  /** Whatever PowerShell is asked. */
  const says = (output: string | null, bde: string | null = null) => ({
    ...recordedMachine({}),
    run: async ([program]: readonly [string, ...string[]]) => (program === 'powershell.exe' ? output : bde),
  });
  const BDE = (state: string): string =>
    `BitLocker Drive Encryption: Configuration Tool\n\nVolume C: [OS]\n    Protection Status:    Protection ${state}\n`;
  it.each([
    ['disk_encryption', says('1'), 'on'],
    ['disk_encryption', says('0'), 'off'],
    ['disk_encryption', says('2'), 'unknown'],
    ['disk_encryption', says(null, BDE('On')), 'on'],
    ['disk_encryption', says(null, BDE('Off')), 'off'],
    ['disk_encryption', says(null, 'Schutzstatus: Der Schutz ist aktiviert'), 'unknown'],
    ['firewall', says('[1,1,1]'), 'on'],
    ['firewall', says('[1,0,1]'), 'off'],
    ['firewall', says('[1,2,1]'), 'unknown'],
    ['firewall', says('[]'), 'unknown'],
    ['screen_lock', says('{"machine":900,"active":null,"secure":null}'), 'on'],
    ['screen_lock', says('{"machine":null,"active":"1","secure":"1"}'), 'on'],
    ['screen_lock', says('{"machine":0,"active":"1","secure":"0"}'), 'off'],
    ['screen_lock', says('access denied'), 'unknown'],
    ['secure_boot', says('true'), 'on'],
    ['secure_boot', says('false'), 'off'],
    ['secure_boot', says(null), 'unknown'],
  ] as const)('%s (%#) is what it says in numbers', async (probe, machine, state) => {
    expect(await WINDOWS_PROBES[probe](machine)).toBe(state);
  });

  it('says which system it has, and when it last took an update', async () => {
    const found = says('{"name":"Microsoft Windows 11 Pro","version":"10.0.26100","updated":1763000000000}');
    expect(await WINDOWS_PROBES.system(found)).toEqual({
      name: 'Microsoft Windows 11 Pro',
      version: '10.0.26100',
      updatedAtMs: 1_763_000_000_000,
    });
    expect(await WINDOWS_PROBES.system(says('{}'))).toBeNull();
  });
});
