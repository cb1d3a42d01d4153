import { performance } from 'node:perf_hooks';
import type { ReaderId } from '#gateway/domain/site/ids.ts';
import type { Clock } from '#gateway/ports/clock.ts';
import type { ReaderAlarmCode, ReaderEvent } from '#gateway/ports/readers.ts';
import type { KeyOf } from './bus/bus-key.ts';
import { type BusConfig, POLL_INTERVAL_DEFAULT_MS } from './bus/bus-config.ts';
import { Bus } from './bus/bus.ts';
import { BurstAlarms } from './burst-alarms.ts';
import { toBurstAlarm, toReaderEvent } from './reader-events.ts';
import { ReaderGate } from './reader-gate.ts';
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
  const toLog = (code: ReaderAlarmCode, readerId: ReaderId, fields: Readonly<Record<string, number>> = {}): void =>
    options.onEvent?.(code, { readerId, busId: config.id, ...fields });
  const bursts = new BurstAlarms({
    monotonicMs: () => performance.now(),
    report: (readerId, code, report) => {
      toLog(code, readerId, { dropped: report.count });
      publish(toBurstAlarm(readerId, code, report, options.clock.nowMs()));
    },
  });
  const pass = (readerId: ReaderId, effect: SessionEffect): void => {
    onOther(readerId, effect);
    const event = toReaderEvent(readerId, effect, options.clock.nowMs());
    if (event !== null) publish(event);
  };
  const gates = new Map(
    config.readers.map(({ readerId }) => [
      readerId,
      new ReaderGate({
        monotonicMs: () => performance.now(),
        pass: (effect) => pass(readerId, effect),
        onExcess: (code) => bursts.add(readerId, code),
        onAlarm: (code) => {
          toLog(code, readerId);
          publish({ kind: 'alarm', readerId, code, occurredAtMs: options.clock.nowMs() });
        },
      }),
    ]),
  );
  const onEffect = (readerId: ReaderId, effect: SessionEffect): void => {
    if (effect.kind === 'discarded') {
      for (const counts of [discarded, discardedOf.get(readerId)]) counts?.set(effect.what, (counts.get(effect.what) ?? 0) + 1);
    }
    gates.get(readerId)?.take(effect);
  };
  const bus = new Bus({
    link: createLink(config.link),
    readers: config.readers,
    pollIntervalMs: config.pollIntervalMs ?? POLL_INTERVAL_DEFAULT_MS,
    keyOf: options.keyOf,
    onEffect,
    onKeyUnusable: (readerId, reason) => options.onEvent?.('osdp.key_unusable', { readerId, busId: config.id, reason }),
  });
  return { id: config.id, bus, discarded, discardedOf, endBursts: () => bursts.endAll() };
}
