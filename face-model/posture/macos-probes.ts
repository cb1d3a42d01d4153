import type { PostureState } from '#gateway/domain/desk/posture.ts';
import type { Machine } from './machine.ts';
import type { Probes, System } from './probes.ts';

/*
 * Written against what the commands are documented to print; tests hold recorded outputs. Nobody of us has run them on a Mac.
 */

function stateOf(output: string | null, words: { readonly on: RegExp; readonly off: RegExp }): PostureState {
  if (output === null) return 'unknown';
  if (words.off.test(output)) return 'off';
  return words.on.test(output) ? 'on' : 'unknown';
}

/** fdesetup(8): `FileVault is On.`; while it encrypts or decrypts it says so on a further line. */
async function diskEncryption(machine: Machine): Promise<PostureState> {
  const output = await machine.run(['/usr/bin/fdesetup', 'status']);
  return stateOf(output, { on: /^FileVault is On\.$/m, off: /^FileVault is Off\.|in progress/m });
}

async function firewall(machine: Machine): Promise<PostureState> {
  const output = await machine.run(['/usr/libexec/ApplicationFirewall/socketfilterfw', '--getglobalstate']);
  return stateOf(output, { on: /Firewall is enabled\. \(State = [12]\)/, off: /Firewall is disabled\. \(State = 0\)/ });
}

/** sysadminctl(8) prints what it found out on standard error. */
async function screenLock(machine: Machine): Promise<PostureState> {
  const output = await machine.run(['/usr/sbin/sysadminctl', '-screenLock', 'status'], 'both');
  return stateOf(output, { on: /screenLock delay is (immediate|\d+ seconds)/, off: /screenLock is off/ });
}

/** `Full` alone is on: reduced and permissive security start what Apple did not sign. */
async function secureBoot(machine: Machine): Promise<PostureState> {
  const output = await machine.run(['/usr/sbin/system_profiler', 'SPiBridgeDataType']);
  return stateOf(output, { on: /Secure Boot: Full Security/, off: /Secure Boot: (Reduced|Permissive|Medium|No) Security/ });
}

async function system(machine: Machine): Promise<System | null> {
  const versions = await machine.run(['/usr/bin/sw_vers']);
  if (versions === null) return null;
  const field = (name: string): string => new RegExp(`^${name}:\\s*(.+?)\\s*$`, 'm').exec(versions)?.[1] ?? '';
  const preferences = '/Library/Preferences/com.apple.SoftwareUpdate';
  const date = await machine.run(['/usr/bin/defaults', 'read', preferences, 'LastFullSuccessfulDate']);
  const updatedAtMs = Date.parse((date ?? '').trim().replace(/^(\S+) (\S+) ([+-]\d{4})$/, '$1T$2$3'));
  return { name: field('ProductName'), version: field('ProductVersion'), updatedAtMs: Number.isNaN(updatedAtMs) ? null : updatedAtMs };
}

export const MACOS_PROBES: Probes = { disk_encryption: diskEncryption, firewall, screen_lock: screenLock, secure_boot: secureBoot, system };
