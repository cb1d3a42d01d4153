import type { Machine } from '#face-model/posture/machine.ts';

export interface Recorded {
  /** Output by the words of the command, joined by spaces; a command that is not there fails. */
  readonly commands?: Readonly<Record<string, string>>;
  readonly files?: Readonly<Record<string, string | Uint8Array>>;
  readonly folders?: Readonly<Record<string, readonly string[]>>;
  readonly modified?: Readonly<Record<string, number>>;
  readonly environment?: Readonly<Record<string, string>>;
  readonly addresses?: readonly string[];
}

export const RECORDED_NOW_MS = Date.UTC(2026, 10, 22, 12);

/** A machine that answers what was written down of another one. */
export function recordedMachine({
  addresses = [],
  commands = {},
  environment = {},
  files = {},
  folders = {},
  modified = {},
}: Recorded): Machine {
  const bytes = (value: string | Uint8Array): Uint8Array => (typeof value === 'string' ? Buffer.from(value, 'utf8') : value);
  return {
    run: async (command) => commands[command.join(' ')] ?? null,
    read: async (path) => (files[path] === undefined ? null : bytes(files[path])),
    list: async (path) => folders[path] ?? null,
    modifiedAtMs: async (path) => modified[path] ?? null,
    environment: (name) => environment[name] ?? null,
    addresses: () => addresses,
    nowMs: () => RECORDED_NOW_MS,
  };
}
