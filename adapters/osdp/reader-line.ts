import { performance } from 'node:perf_hooks';
import type { ReaderId } from '#gateway/domain/site/ids.ts';
import type { Clock } from '#gateway/ports/clock.ts';
import type { ReaderAlarmCode, ReaderEvent } from '#gateway/ports/readers.ts';
import type { KeyOf } from './bus/bus-key.ts';
import { type BusConfig, POLL_INTERVAL_DEFAULT_MS } from './bus/bus-config.ts';
import { Bus } from './bus/bus.ts';
import { DroppedReads, type DropReport } from './dropped-reads.ts';
import { toDropAlarm, toReaderEvent } from './reader-events.ts';
import { ReaderLimits } from './reader-limits.ts';
import type { Discarded, SessionEffect } from './session/transition.ts';
import { createLink } from './transport/create-link.ts';

/** One bus with what it may cause, and the words of the port for what it reports. */
export interface ReaderLine {
  readonly id: string;
  readonly bus: Bus;
  readonly discarded: ReadonlyMap<Discarded, number>;
  readonly discardedOf: ReadonlyMap<ReaderId, ReadonlyMap<Discarded, number>>;
  endBursts(): void;
}

export interface ReaderLineOptions {
  readonly keyOf: KeyOf;
  readonly clock: Clock;
  /** For the log: event name and plain fields, never keys, cards or bytes of the line. */
  readonly onEvent?: (event: string, fields: Readonly<Record<string, string | number>>) => void;
}

export interface ReaderLineSinks {
  readonly publish: (event: ReaderEvent) => void;
  /** What is no event of the readers' port. */
  readonly onEffect: (readerId: ReaderId, effect: SessionEffect) => void;
}

export function createReaderLine(
  config: BusConfig,
  options: ReaderLineOptions,
  { publish, onEffect: onOther }: ReaderLineSinks,
): ReaderLine {
  const discarded = new Map<Discarded, number>();
  const discardedOf = new Map(config.readers.map(({ readerId }) => [readerId, new Map<Discarded, number>()]));
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
  const keyDrops = createDropAlarms(config, (readerId, { count, isOver }) => {
    const code = 'osdp.keypad_rate_exceeded';
    options.onEvent?.(code, { readerId, busId: config.id, dropped: count });
    publish({ kind: 'alarm', readerId, code, dropped: { count, isOver }, occurredAtMs: options.clock.nowMs() });
  });
  const onEffect = (readerId: ReaderId, effect: SessionEffect): void => {
    if (effect.kind === 'alarm') return raise(readerId, effect.code);
    if (effect.kind === 'discarded') {
      for (const counts of [discarded, discardedOf.get(readerId)]) counts?.set(effect.what, (counts.get(effect.what) ?? 0) + 1);
      return;
    }
    if (effect.kind === 'card_read' && limits.get(readerId)?.allowsCard(performance.now()) !== true) {
      return drops.add(readerId);
    }
    if (effect.kind === 'keypad' && limits.get(readerId)?.allowsKeys(performance.now()) !== true) {
      return keyDrops.add(readerId);
    }
    onOther(readerId, effect);
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
  return { id: config.id, bus, discarded, discardedOf, endBursts: () => [drops, keyDrops].forEach(({ endAll }) => endAll()) };
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
