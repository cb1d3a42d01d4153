import { TEXT_BYTES_MAX, TEXT_MAX } from './limits.ts';

/** A value from the line is shown by its name, or as it came. */
export function nameOf(names: readonly string[], value: number): string {
  return names[value] ?? `${value}`;
}

export function toHex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}

/** At most TEXT_BYTES_MAX bytes of it. */
export function shortHex(bytes: Uint8Array): string {
  const shown = toHex(bytes.subarray(0, TEXT_BYTES_MAX));
  return bytes.length > TEXT_BYTES_MAX ? `${shown}.. (${bytes.length} bytes)` : shown;
}

export function seconds(units100Ms: number): string {
  return `${units100Ms / 10} s`;
}

export function count(howMany: number, noun: string): string {
  return `${howMany} ${noun}${howMany === 1 ? '' : 's'}`;
}

/** What comes from the line may hold anything: only printable ASCII is kept. */
export function printable(bytes: Uint8Array): string {
  return Buffer.from(bytes)
    .toString('latin1')
    .replaceAll(/[^ -~]/g, '.');
}

export function cut(text: string): string {
  return text.length <= TEXT_MAX ? text : `${text.slice(0, TEXT_MAX - 2)}..`;
}
