import type { PostureState } from '#gateway/domain/desk/posture.ts';
import { readText, type Machine } from './machine.ts';
import type { Probes, System } from './probes.ts';

/** Block devices that one stands on: an LVM volume on a LUKS container on a partition is three deep. */
const STACK_MAX = 8;

/** `MAJOR:MINOR` of what is mounted at `/` and, where it is apart, at `/home` (proc(5), mountinfo). Null = not known. */
export function mountedDevices(mountinfo: string): readonly string[] | null {
  const mounts = mountinfo
    .split('\n')
    .map((line) => line.split(' '))
    .filter(([, , , , point]) => point === '/' || point === '/home');
  const devices = mounts.map(([, , device = '']) => device);
  // Major 0 is no block device: overlay, btrfs and ZFS name what they stand on elsewhere.
  const isKnown = mounts.some(([, , , , point]) => point === '/') && devices.every((device) => /^[1-9]\d*:\d+$/.test(device));
  return isKnown ? [...new Set(devices)] : null;
}

/** What cryptsetup names a mapping that encrypts. CRYPT-VERITY and CRYPT-INTEGRITY only tell whether somebody changed what anybody can read. */
const ENCRYPTS = /^CRYPT-(?:LUKS[12]|PLAIN|LOOPAES|TCRYPT|BITLK|FVAULT2)-/;

/** Whether every way from the device down passes a mapping that encrypts. Null = a part of it cannot be read. */
async function isEncrypted(machine: Machine, path: string, depth: number): Promise<boolean | null> {
  const uuid = await readText(machine, `${path}/dm/uuid`);
  if (ENCRYPTS.test(uuid ?? '')) return true;
  if (depth >= STACK_MAX) return null;
  const slaves = await machine.list(`${path}/slaves`);
  if (slaves === null) {
    // A partition has no list of its own; the disk does.
    return (await machine.list(path)) === null ? null : false;
  }
  if (slaves.length === 0) return false;
  const parts = await Promise.all(slaves.map((slave) => isEncrypted(machine, `${path}/slaves/${slave}`, depth + 1)));
  return parts.includes(false) ? false : parts.includes(null) ? null : true;
}

async function diskEncryption(machine: Machine): Promise<PostureState> {
  const mountinfo = await readText(machine, '/proc/self/mountinfo');
  const devices = mountinfo === null ? null : mountedDevices(mountinfo);
  if (devices === null) return 'unknown';
  const answers = await Promise.all(devices.map((device) => isEncrypted(machine, `/sys/dev/block/${device}`, 0)));
  if (answers.includes(false)) return 'off';
  return answers.includes(null) ? 'unknown' : 'on';
}

const CHAIN = /\bchain\s+\S+\s*\{([^{}]*(?:\{[^{}]*\}[^{}]*)*)\}/g;
/** Of whatever comes: `drop`, or `counter packets 0 bytes 0 reject with icmpx admin-prohibited`. */
const SHUT = /^(?:counter(?: packets \d+ bytes \d+)? )?(?:drop|reject)(?: with .*)?$/;

/**
 * A chain at the input hook of IPv4 that lets in only what its rules allow: by its policy, or because its last rule drops or rejects the rest.
 * One that drops this or that lets in everything else.
 */
export function filtersInput(ruleset: string): boolean {
  const tables = ruleset.split(/^table /m).filter((table) => /^(?:inet|ip)\s/.test(table));
  const chains = tables.flatMap((table) => [...table.matchAll(CHAIN)].map(([, body = '']) => body));
  return chains.some((body) => {
    if (!/\bhook input\b/.test(body)) return false;
    const rules = body
      .split('\n')
      .map((rule) => rule.trim())
      .filter((rule) => rule !== '');
    return /\bpolicy drop\s*;/.test(body) || SHUT.test(rules.at(-1) ?? '');
  });
}

/** The same of `iptables -S INPUT`. */
export function dropsInput(rules: string): boolean {
  const lines = rules.trimEnd().split('\n');
  return lines.includes('-P INPUT DROP') || /^-A INPUT -j (?:DROP|REJECT)\b/.test(lines.at(-1) ?? '');
}

/** Enabled with a policy that lets everything in, ufw shuts what it was told to and nothing else; so does firewalld in the zone of that name. */
const UFW_SHUT = /^DEFAULT_INPUT_POLICY="?(?:DROP|REJECT)"?\s*$/m;
const OPEN_ZONE = 'trusted';

async function firewall(machine: Machine): Promise<PostureState> {
  const [ufw, ufwPolicy, firewalld, zone, nft, iptables] = await Promise.all([
    readText(machine, '/etc/ufw/ufw.conf'),
    readText(machine, '/etc/default/ufw'),
    machine.run(['systemctl', 'is-active', 'firewalld']),
    machine.run(['firewall-cmd', '--get-default-zone']),
    machine.run(['nft', 'list', 'ruleset']),
    machine.run(['iptables', '-S', 'INPUT']),
  ]);
  const isOn =
    (/^ENABLED=yes\s*$/m.test(ufw ?? '') && UFW_SHUT.test(ufwPolicy ?? '')) ||
    (firewalld?.trim() === 'active' && zone?.trim() !== OPEN_ZONE) ||
    (nft !== null && filtersInput(nft)) ||
    dropsInput(iptables ?? '');
  if (isOn) return 'on';
  // Only root may list the rules; without them nobody knows what else filters.
  return nft !== null || iptables !== null ? 'off' : 'unknown';
}

const GNOME = /\b(GNOME|Unity|Budgie|ubuntu)\b/i;

async function screenLock(machine: Machine): Promise<PostureState> {
  const desktop = machine.environment('XDG_CURRENT_DESKTOP') ?? '';
  if (GNOME.test(desktop)) {
    const lock = await machine.run(['gsettings', 'get', 'org.gnome.desktop.screensaver', 'lock-enabled']);
    const idle = await machine.run(['gsettings', 'get', 'org.gnome.desktop.session', 'idle-delay']);
    if (lock?.trim() === 'false' || idle?.trim() === 'uint32 0') return 'off';
    return lock?.trim() === 'true' && /^uint32 [1-9]\d*$/.test(idle?.trim() ?? '') ? 'on' : 'unknown';
  }
  if (/\bKDE\b/i.test(desktop)) {
    const home = machine.environment('HOME');
    const rc = home === null ? null : await readText(machine, `${home}/.config/kscreenlockerrc`);
    // KDE locks by itself unless it was told not to; of a file that is not there nobody knows why.
    return rc === null ? 'unknown' : /^Autolock=false$/m.test(rc) ? 'off' : 'on';
  }
  return 'unknown';
}

const SECURE_BOOT = '/sys/firmware/efi/efivars/SecureBoot-8be4df61-93ca-11d2-aa0d-00e098032b8c';

/** UEFI 2.10 3.3: four bytes of attributes, then 1 or 0. */
async function secureBoot(machine: Machine): Promise<PostureState> {
  const variable = await machine.read(SECURE_BOOT);
  if (variable?.length === 5) return variable[4] === 1 ? 'on' : variable[4] === 0 ? 'off' : 'unknown';
  const firmware = await machine.list('/sys/firmware');
  // Started by a BIOS: there is nothing to be secure.
  return firmware !== null && !firmware.includes('efi') ? 'off' : 'unknown';
}

/** What a package manager writes whenever it changes a package: the newest bound on when the system was last updated. */
const PACKAGE_STATE = [
  '/var/lib/dpkg/status',
  '/var/lib/rpm/rpmdb.sqlite',
  '/usr/lib/sysimage/rpm/rpmdb.sqlite',
  '/var/lib/pacman/local',
  '/lib/apk/db/installed',
];

async function system(machine: Machine): Promise<System | null> {
  const release = await readText(machine, '/etc/os-release');
  if (release === null) return null;
  const field = (name: string): string => new RegExp(`^${name}="?([^"\n]*)"?$`, 'm').exec(release)?.[1] ?? '';
  const changes = await Promise.all(PACKAGE_STATE.map((path) => machine.modifiedAtMs(path)));
  const known = changes.filter((at) => at !== null);
  return { name: field('NAME'), version: field('VERSION_ID'), updatedAtMs: known.length === 0 ? null : Math.max(...known) };
}

export const LINUX_PROBES: Probes = { disk_encryption: diskEncryption, firewall, screen_lock: screenLock, secure_boot: secureBoot, system };
