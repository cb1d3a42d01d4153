import type { ReaderId } from '#gateway/domain/site/ids.ts';
import type { BiometricReaders } from '#gateway/ports/biometric-readers.ts';
import type { ReaderMaintenance } from '#gateway/ports/reader-maintenance.ts';
import type { ReaderWatch } from '#gateway/ports/reader-watch.ts';
import type { CommandResult, ReaderEvent, Readers } from '#gateway/ports/readers.ts';
import type { SignSettingsOf } from '#gateway/domain/doors/sign.ts';
import { createBiometricReaders } from './biometric-readers.ts';
import { type BusConfig, assertBuses } from './bus/bus-config.ts';
import type { Bus, BusCounters } from './bus/bus.ts';
import type { ReaderCounters } from './bus/reader-metrics.ts';
import { OutputConfirmations } from './output-confirmations.ts';
import { ReaderDisplay } from './reader-display.ts';
import { type PairingOutcome, type PairingRequest, pairReader } from './reader-pairing.ts';
import { type ReaderLineOptions, createReaderLine } from './reader-line.ts';
import { createReaderMaintenance } from './reader-maintenance.ts';
import { OsdpReaderWatch } from './reader-watch.ts';
import type { Command } from './messages/commands.ts';
import { EMPTY } from './messages/fields.ts';
import { OUTPUT_ACTION, type OutputControl } from './messages/output-codecs.ts';

const OUTPUT_MAX = 255;
const TIMER_UNIT_MS = 100;
const DURATION_MAX_MS = 0xffff * TIMER_UNIT_MS;

export interface OsdpReadersOptions extends ReaderLineOptions {
  readonly buses: readonly BusConfig[];
  /** How readers show outcomes. One that has settings shows `idle` as soon as it answers; without, its own light is left as it is. */
  readonly signsOf?: SignSettingsOf;
}

export interface LineCounters extends BusCounters {
  readonly discarded: Readonly<Record<string, number>>;
  /** By reader id. */
  readonly readers: Readonly<Record<string, ReaderCounters>>;
}

/** The readers of this node; the counters are for metrics. */
export interface OsdpReaders extends Readers {
  readonly maintenance: ReaderMaintenance;
  readonly biometrics: BiometricReaders;
  readonly watch: ReaderWatch;
  /** Gives a reader of secure channel 2 (draft) its first key over the line, without the key being on it. */
  pair(readerId: ReaderId, request: PairingRequest): Promise<PairingOutcome>;
  /** By bus id: what the lines did and threw away. */
  counters(): Readonly<Record<string, LineCounters>>;
}

/**
 * The port `Readers` over OSDP with secure channel. Nothing is ever accepted from a reader outside a channel opened with that reader's own key.
 * @throws config.invalid
 */
export function createOsdpReaders(options: OsdpReadersOptions): OsdpReaders {
  assertBuses(options.buses);
  const busOf = new Map<ReaderId, Bus>();
  const onListenerFailed = ({ readerId, kind }: { readonly readerId: ReaderId; readonly kind: string }): void =>
    options.onEvent?.('osdp.listener_failed', { readerId, kind });
  const listeners = createListeners(onListenerFailed);

  const publish = (event: ReaderEvent): void => {
    display.onEvent(event);
    if (event.kind === 'outputs') confirmations.reported(event.readerId, event.active);
    watch.onEvent(event);
    listeners.tell(event);
  };
  const maintenance = createReaderMaintenance({ busOf: (readerId) => busOf.get(readerId), onListenerFailed });
  const lines = options.buses.map((config) => {
    const line = createReaderLine(config, options, { publish, onEffect: (readerId, effect) => maintenance.onEffect(readerId, effect) });
    for (const { readerId } of config.readers) busOf.set(readerId, line.bus);
    return line;
  });
  const watch = new OsdpReaderWatch(lines.map((line, index) => ({ ...line, readers: options.buses[index]?.readers ?? [] })));
  const confirmations = new OutputConfirmations((readerId) => void send(readerId, { name: 'OSTAT', body: EMPTY }, 'normal'));
  const send = async (readerId: ReaderId, command: Command, priority: 'urgent' | 'normal'): Promise<CommandResult> =>
    busOf.get(readerId)?.send(readerId, command, priority) ?? { ok: false, code: 'reader.unknown' };
  const display = new ReaderDisplay({ signsOf: options.signsOf, send: (readerId, command) => send(readerId, command, 'normal') });

  return {
    maintenance: maintenance.port,
    biometrics: createBiometricReaders((readerId) => busOf.get(readerId)),
    watch,
    async start() {
      for (const { bus } of lines) bus.start();
    },
    async stop() {
      confirmations.cancelAll();
      watch.stop();
      await Promise.all(lines.map(({ bus }) => bus.stop()));
      // What a burst still has to say is said before nobody listens any more.
      for (const line of lines) line.endBursts();
    },
    subscribe: listeners.subscribe,
    async pulseOutput(readerId, output, durationMs) {
      const result = await send(readerId, { name: 'OUT', body: [outputControl(output, durationMs)] }, 'urgent');
      if (result.ok) confirmations.schedule(readerId, output, durationMs);
      return result;
    },
    async pair(readerId, request) {
      const bus = busOf.get(readerId);
      return bus === undefined
        ? { ok: false, code: 'reader.unknown', fault: null, isUnsettled: false }
        : pairReader(bus, readerId, request);
    },
    indicate: (readerId, indication) => display.indicate(readerId, indication),
    counters() {
      return Object.fromEntries(lines.map((line) => [line.id, toCounters(line.bus, line.discarded)]));
    },
  };
}

interface Listeners extends Pick<Readers, 'subscribe'> {
  tell(event: ReaderEvent): void;
}

/** One listener's fault must neither stop the line nor keep the event from the others. */
function createListeners(onFailed: (event: ReaderEvent) => void): Listeners {
  const listeners = new Set<(event: ReaderEvent) => void>();
  return {
    tell(event) {
      for (const listener of listeners) {
        try {
          listener(event);
        } catch {
          onFailed(event);
        }
      }
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => {
        listeners.delete(listener);
      };
    },
  };
}

/** @throws TypeError for a time that the wire cannot carry. */
function outputControl(output: number, durationMs: number): OutputControl {
  if (!Number.isInteger(output) || output < 0 || output > OUTPUT_MAX) throw new TypeError(`output must be 0..${OUTPUT_MAX}`);
  if (durationMs === 0) return { output, action: OUTPUT_ACTION.offAbortTimer, timer100Ms: 0 };
  if (!(durationMs >= TIMER_UNIT_MS && durationMs <= DURATION_MAX_MS)) {
    throw new TypeError(`durationMs must be 0 or ${TIMER_UNIT_MS}..${DURATION_MAX_MS}`);
  }
  return { output, action: OUTPUT_ACTION.onForTime, timer100Ms: Math.ceil(durationMs / TIMER_UNIT_MS) };
}

function toCounters(bus: Bus, discarded: ReadonlyMap<string, number>): LineCounters {
  return { ...bus.counters, discarded: Object.fromEntries(discarded), readers: Object.fromEntries(bus.readerCounters) };
}
