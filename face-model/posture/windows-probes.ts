import { z } from 'zod';
import type { PostureState } from '#gateway/domain/desk/posture.ts';
import { tryParse } from '#gateway/domain/try-parse.ts';
import type { Machine } from './machine.ts';
import type { Probes, System } from './probes.ts';

/*
 * Written against what the commands are documented to print; tests hold recorded outputs. Nobody of us has run them on Windows. Numbers
 * and JSON are asked for where there are any: words are in the language of the machine.
 */

const powershell = (command: string): readonly [string, ...string[]] => [
  'powershell.exe',
  '-NoProfile',
  '-NonInteractive',
  '-Command',
  `$ErrorActionPreference = 'Stop'; ${command}`,
];

async function ask<Schema extends z.ZodType>(machine: Machine, command: string, schema: Schema): Promise<z.output<Schema> | null> {
  const output = await machine.run(powershell(`${command} | ConvertTo-Json -Compress`));
  try {
    return tryParse(schema, JSON.parse(output ?? '')).data ?? null;
  } catch {
    return null; // No JSON: the command said something else, in whatever language.
  }
}

/** Get-BitLockerVolume needs an administrator; manage-bde says the same in numbers to nobody else either. ProtectionStatus 1 = on. */
async function diskEncryption(machine: Machine): Promise<PostureState> {
  const command = '[int](Get-BitLockerVolume -MountPoint $env:SystemDrive).ProtectionStatus';
  const status = await ask(machine, command, z.int());
  if (status !== null) return status === 1 ? 'on' : status === 0 ? 'off' : 'unknown';
  const words = await machine.run(['manage-bde.exe', '-status', 'C:']);
  if (/Protection Status:\s+Protection On/.test(words ?? '')) return 'on';
  return /Protection Status:\s+Protection Off/.test(words ?? '') ? 'off' : 'unknown';
}

/** Every profile: whoever is in a café is in the public one. Enabled is 1, 0, or 2 where a policy has not said. */
async function firewall(machine: Machine): Promise<PostureState> {
  const command = '@(Get-NetFirewallProfile -PolicyStore ActiveStore | ForEach-Object { [int]$_.Enabled })';
  const enabled = await ask(machine, command, z.array(z.int()).min(1));
  if (enabled === null) return 'unknown';
  if (enabled.includes(0)) return 'off';
  return enabled.every((value) => value === 1) ? 'on' : 'unknown';
}

const inactivitySchema = z.strictObject({ machine: z.int().nullable(), active: z.string().nullable(), secure: z.string().nullable() });

/** A limit of inactivity for the machine, or a screen saver that asks who is there. */
async function screenLock(machine: Machine): Promise<PostureState> {
  const command = [
    "$m = (Get-ItemProperty 'HKLM:\\SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\Policies\\System').InactivityTimeoutSecs",
    "$d = Get-ItemProperty 'HKCU:\\Control Panel\\Desktop'",
    '@{ machine = $m; active = $d.ScreenSaveActive; secure = $d.ScreenSaverIsSecure }',
  ].join('; ');
  const found = await ask(machine, command, inactivitySchema);
  if (found === null) return 'unknown';
  const isOn = (found.machine ?? 0) > 0 || (found.active === '1' && found.secure === '1');
  return isOn ? 'on' : 'off';
}

async function secureBoot(machine: Machine): Promise<PostureState> {
  const isOn = await ask(machine, 'Confirm-SecureBootUEFI', z.boolean());
  return isOn === null ? 'unknown' : isOn ? 'on' : 'off';
}

const systemSchema = z.strictObject({ name: z.string(), version: z.string(), updated: z.int().nullable() });

async function system(machine: Machine): Promise<System | null> {
  const command = [
    '$o = Get-CimInstance Win32_OperatingSystem',
    '$h = Get-HotFix | Where-Object InstalledOn | Sort-Object InstalledOn | Select-Object -Last 1',
    '$u = if ($h) { ([DateTimeOffset]$h.InstalledOn).ToUnixTimeMilliseconds() } else { $null }',
    '@{ name = $o.Caption; version = $o.Version; updated = $u }',
  ].join('; ');
  const found = await ask(machine, command, systemSchema);
  return found === null ? null : { name: found.name, version: found.version, updatedAtMs: found.updated };
}

export const WINDOWS_PROBES: Probes = {
  disk_encryption: diskEncryption,
  firewall,
  screen_lock: screenLock,
  secure_boot: secureBoot,
  system,
};
