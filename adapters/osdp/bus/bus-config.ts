import { GatewayError } from '#gateway/domain/errors.ts';
import type { LinkConfig } from '../transport/create-link.ts';
import { BAUD_RATES, isBaudRate } from '../wire/baud-rates.ts';
import { ADDRESS_MAX } from '../wire/frame.ts';
import type { BusReader } from './reader-slot.ts';

/** The longest poll slot: a card must not be older than that before the gateway hears of it. */
export const POLL_INTERVAL_MAX_MS = 1_000;
export const POLL_INTERVAL_DEFAULT_MS = 25;

export interface BusConfig {
  readonly id: string;
  readonly link: LinkConfig;
  /** Poll slot of each reader; 0..1000 ms, 25 when left out. 0 polls as often as the line allows. */
  readonly pollIntervalMs?: number;
  /** `baud` is for a reader that listens at another speed than its serial line. */
  readonly readers: readonly BusReader[];
}

/** Two readers with one address would answer together; one reader on two buses would be two. @throws config.invalid */
export function assertBuses(buses: readonly BusConfig[]): void {
  const readerIds = new Set<string>();
  for (const bus of buses) {
    const interval = bus.pollIntervalMs ?? POLL_INTERVAL_DEFAULT_MS;
    if (!(interval >= 0 && interval <= POLL_INTERVAL_MAX_MS)) refuse(bus, `pollIntervalMs must be 0..${POLL_INTERVAL_MAX_MS}`);
    if (bus.link.kind === 'serial' && !isBaudRate(bus.link.baud)) refuse(bus, `baud must be one of ${BAUD_RATES.join(', ')}`);
    const addresses = new Set<number>();
    for (const { readerId, address, baud } of bus.readers) {
      if (baud !== undefined && bus.link.kind !== 'serial') refuse(bus, `baud of ${readerId}: only a serial line has a speed`);
      if (baud !== undefined && !isBaudRate(baud)) refuse(bus, `baud of ${readerId} must be ${BAUD_RATES.join(', ')}`);
      if (!Number.isInteger(address) || address < 0 || address > ADDRESS_MAX)
        refuse(bus, `address of ${readerId} must be 0..${ADDRESS_MAX}`);
      if (addresses.has(address)) refuse(bus, `address ${address} is used twice`);
      if (readerIds.has(readerId)) refuse(bus, `reader ${readerId} is named twice`);
      addresses.add(address);
      readerIds.add(readerId);
    }
  }
}

function refuse(bus: BusConfig, message: string): never {
  throw new GatewayError('config.invalid', `bus ${bus.id}: ${message}`);
}
