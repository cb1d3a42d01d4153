import { isIPv4 } from 'node:net';
import { OS_AGE_DAYS_TAKEN_MAX, OS_TEXT_CHARS_MAX, type Posture, type PostureState } from '#gateway/domain/desk/posture.ts';
import { LINUX_PROBES } from './linux-probes.ts';
import type { Machine } from './machine.ts';
import { MACOS_PROBES } from './macos-probes.ts';
import type { Probes, System } from './probes.ts';
import { WINDOWS_PROBES } from './windows-probes.ts';

/** A probe that asks several commands one after the other has no more than this for all of them, ms. */
export const PROBE_DEADLINE_MS = 15_000;
const DAY_MS = 86_400_000;
const NETWORKS_MAX = 16;

const PROBES: Readonly<Partial<Record<NodeJS.Platform, Probes>>> = { linux: LINUX_PROBES, darwin: MACOS_PROBES, win32: WINDOWS_PROBES };

async function within<Value>(work: Promise<Value>, otherwise: Value): Promise<Value> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<Value>((resolve) => {
    timer = setTimeout(() => resolve(otherwise), PROBE_DEADLINE_MS);
  });
  try {
    return await Promise.race([work.catch(() => otherwise), late]);
  } finally {
    clearTimeout(timer);
  }
}

/** Everything at once; a platform that nobody has written probes for is unknown throughout. */
export async function probePosture(machine: Machine, platform: NodeJS.Platform): Promise<Posture> {
  const probes = PROBES[platform];
  const ask = (name: Exclude<keyof Probes, 'system'>): Promise<PostureState> =>
    probes === undefined ? Promise.resolve('unknown') : within(probes[name](machine), 'unknown');
  const [disk_encryption, firewall, screen_lock, secure_boot, system] = await Promise.all([
    ask('disk_encryption'),
    ask('firewall'),
    ask('screen_lock'),
    ask('secure_boot'),
    probes === undefined ? null : within(probes.system(machine), null),
  ]);
  return {
    disk_encryption,
    firewall,
    screen_lock,
    secure_boot,
    os: { name: plain(system?.name ?? platform), version: plain(system?.version ?? ''), age_days: ageDays(system, machine) },
    networks: networksOf(machine.addresses()),
  };
}

/** Without what moves or hides what stands beside it: operators read it. */
const plain = (text: string): string => text.replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '').slice(0, OS_TEXT_CHARS_MAX);

/** A date in the future is a clock that was wrong, then or now; one of antiquity was a number, and no date. */
function ageDays(system: System | null, machine: Machine): number | null {
  const updatedAtMs = system?.updatedAtMs ?? null;
  const ageMs = updatedAtMs === null ? Number.NaN : machine.nowMs() - updatedAtMs;
  const days = Math.max(0, Math.floor(ageMs / DAY_MS));
  return ageMs >= -DAY_MS && days <= OS_AGE_DAYS_TAKEN_MAX ? days : null;
}

/** The networks of addresses: which ones the machine is in, not where in them. */
export function networksOf(addresses: readonly string[]): string[] {
  const networks = addresses.flatMap((address) => {
    const [ip = '', prefix = ''] = address.split('/');
    if (!isIPv4(ip)) return [];
    const bits = Number(prefix);
    if (!(Number.isInteger(bits) && bits >= 8 && bits <= 32)) return [];
    const value = ip.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
    const base = Math.floor(value / 2 ** (32 - bits)) * 2 ** (32 - bits);
    return [`${[24, 16, 8, 0].map((shift) => Math.floor(base / 2 ** shift) % 256).join('.')}/${String(bits)}`];
  });
  return [...new Set(networks)].sort().slice(0, NETWORKS_MAX);
}
