import type { Direction } from './direction.ts';

/** Whoever hears it is meant: a PD whose address is not known (OSDP 2.2 clause 5.4). Its reply comes from the same address with the reply bit, 0xFF. */
export const CONFIGURATION_ADDRESS = 0x7f;

/** ID, CAP, COMSET. */
const CONFIGURATION_COMMANDS: ReadonlySet<number> = new Set([0x61, 0x62, 0x6e]);
/** PDID, PDCAP, COM, and that it cannot (NAK) or cannot now (BUSY). */
const CONFIGURATION_REPLIES: ReadonlySet<number> = new Set([0x45, 0x46, 0x54, 0x41, 0x79]);

/** SIA OSDP Verified 050-09-05: the configuration address is for finding and addressing a PD and for nothing else. */
export function isAllowedAtAddress(address: number, direction: Direction, code: number): boolean {
  if (address !== CONFIGURATION_ADDRESS) return true;
  return (direction === 'command' ? CONFIGURATION_COMMANDS : CONFIGURATION_REPLIES).has(code);
}
