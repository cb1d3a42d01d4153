import { performance } from 'node:perf_hooks';
import type { ReaderId } from '#gateway/domain/site/ids.ts';
import type { Clock } from '#gateway/ports/clock.ts';
import type { CommandResult, Indication, ReaderAlarmCode, ReaderEvent, Readers } from '#gateway/ports/readers.ts';
import { type BusConfig, POLL_INTERVAL_DEFAULT_MS, assertBuses } from './bus/bus-config.ts';
import type { KeyOf } from './bus-key.ts';
import { Bus, type BusCounters } from './bus/bus.ts';
import { DroppedReads, type DropReport } from './dropped-reads.ts';
import { commandsFor } from './indication.ts';
import { OutputConfirmations } from './output-confirmations.ts';
import { toDropAlarm, toReaderEvent } from './reader-events.ts';
import { ReaderLimits } from './reader-limits.ts';
import type { SessionEffect } from './session/transition.ts';
import { createLink } from './transport/create-link.ts';
import type { Command } from './messages/commands.ts';
import { EMPTY } from './messages/fields.ts';
import { OUTPUT_ACTION, type OutputControl } from './messages/output-codecs.ts';

const OUTPUT_MAX = 255;
const TIMER_UNIT_MS = 100;
const DURATION_MAX_MS = 0xffff * TIMER_UNIT_MS;

export interface OsdpReadersOptions {
  readonly buses: readonly BusConfig[];
  readonly keyOf: KeyOf;
  readonly clock: Clock;
  /** For the log: event name and plain fields, never keys, cards or bytes of the line. */
  readonly onEvent?: (event: string, fields: Readonly<Record<string, string | number>>) => void;
}

/** The readers of this node; the counters are for metrics. */
export interface OsdpReaders extends Readers {
  /** By bus id: what the lines did and threw away. */
  counters(): Readonly<Record<string, BusCounters & { readonly discarded: Readonly<Record<string, number>> }>>;
}

/**
 * The port `Readers` over OSDP with secure channel. Nothing is ever accepted from a reader outside a channel opened with that reader's own key.
 * @throws config.invalid
 */
export function createOsdpReaders(options: OsdpReadersOptions): OsdpReaders {
  assertBuses(options.buses);
  const listeners = new Set<(event: ReaderEvent) => void>();
  const busOf = new Map<ReaderId, Bus>();

  const publish = (event: ReaderEvent): void => {
    for (const listener of listeners) {
      try {
        listener(event);
      } catch {
        // One listener's fault must neither stop the line nor keep the event from the others.
        options.onEvent?.('osdp.listener_failed', { readerId: event.readerId, kind: event.kind });
      }
    }
  };
  const lines = options.buses.map((config) => {
    const line = createLine(config, options, publish);
    for (const { readerId } of config.readers) busOf.set(readerId, line.bus);
    return line;
  });
  const confirmations = new OutputConfirmations((readerId) => void send(readerId, { name: 'OSTAT', body: EMPTY }, 'normal'));
  const send = async (readerId: ReaderId, command: Command, priority: 'urgent' | 'normal'): Promise<CommandResult> =>
    busOf.get(readerId)?.send(readerId, command, priority) ?? { ok: false, code: 'reader.unknown' };

  return {
    async start() {
      for (const { bus } of lines) bus.start();
    },
    async stop() {
      confirmations.cancelAll();
      await Promise.all(lines.map(({ bus }) => bus.stop()));
      // What a burst still has to say is said before nobody listens any more.
      for (const line of lines) line.endBursts();
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => {
        listeners.delete(listener);
      };
    },
    async pulseOutput(readerId, output, durationMs) {
      const result = await send(readerId, { name: 'OUT', body: [outputControl(output, durationMs)] }, 'urgent');
      if (result.ok) confirmations.schedule(readerId, output, durationMs);
      return result;
    },
    async indicate(readerId: ReaderId, indication: Indication) {
      const results = await Promise.all(commandsFor(indication).map((command) => send(readerId, command, 'normal')));
      return results.find(({ ok }) => !ok) ?? { ok: true };
    },
    counters() {
      return Object.fromEntries(lines.map(({ id, bus, discarded }) => [id, { ...bus.counters, discarded: Object.fromEntries(discarded) }]));
    },
  };
}

interface Line {
  readonly id: string;
  readonly bus: Bus;
  readonly discarded: ReadonlyMap<string, number>;
  endBursts(): void;
}

function createLine(config: BusConfig, options: OsdpReadersOptions, publish: (event: ReaderEvent) => void): Line {
  const discarded = new Map<string, number>();
  const limits = new Map(config.readers.map(({ readerId }) => [readerId, new ReaderLimits()]));
  const raise = (readerId: ReaderId, code: ReaderAlarmCode): void => {
    if (limits.get(readerId)?.allowsAlarm(code, performance.now()) !== true) return;
    options.onEvent?.(code, { readerId, busId: config.id });
    publish({ kind: 'alarm', readerId, code, occurredAtMs: options.clock.nowMs() });
  };
  const drops = createDropAlarms(config, (readerId, report) => {
    options.onEvent?.('osdp.card_rate_exceeded', { readerId, busId: config.id, dropped: report.count });
    publish(toDropAlarm(readerId, report, options.clock.nowMs()));
  });
  const onEffect = (readerId: ReaderId, effect: SessionEffect): void => {
    if (effect.kind === 'alarm') return raise(readerId, effect.code);
    if (effect.kind === 'discarded') {
      discarded.set(effect.what, (discarded.get(effect.what) ?? 0) + 1);
      return;
    }
    if (effect.kind === 'card_read' && limits.get(readerId)?.allowsCard(performance.now()) !== true) {
      return drops.add(readerId);
    }
    const event = toReaderEvent(readerId, effect, options.clock.nowMs());
    if (event !== null) publish(event);
  };
  const bus = new Bus({
    link: createLink(config.link),
    readers: config.readers,
    pollIntervalMs: config.pollIntervalMs ?? POLL_INTERVAL_DEFAULT_MS,
    keyOf: options.keyOf,
    onEffect,
    onKeyUnusable: (readerId, reason) => options.onEvent?.('osdp.key_unusable', { readerId, busId: config.id, reason }),
  });
  return { id: config.id, bus, discarded, endBursts: drops.endAll };
}

/** Reports dropped reads as they come, and the rest of a burst when no more come. */
function createDropAlarms(config: BusConfig, report: (readerId: ReaderId, report: DropReport) => void) {
  const counts = new Map(config.readers.map(({ readerId }) => [readerId, new DroppedReads()]));
  const timers = new Map<ReaderId, NodeJS.Timeout>();
  const end = (readerId: ReaderId, drops: DroppedReads): void => {
    clearTimeout(timers.get(readerId));
    timers.delete(readerId);
    const last = drops.end();
    if (last !== null) report(readerId, last);
  };
  const endWhenOver = (readerId: ReaderId, drops: DroppedReads): void => {
    const remainingMs = drops.remainingMs(performance.now());
    if (remainingMs === null || remainingMs === 0) return end(readerId, drops);
    timers.set(readerId, setTimeout(() => endWhenOver(readerId, drops), Math.ceil(remainingMs)).unref());
  };
  return {
    add: (readerId: ReaderId): void => {
      const drops = counts.get(readerId);
      const due = drops?.add(performance.now()) ?? null;
      if (due !== null) report(readerId, due);
      if (drops !== undefined && !timers.has(readerId)) endWhenOver(readerId, drops);
    },
    endAll: (): void => counts.forEach((drops, readerId) => end(readerId, drops)),
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
