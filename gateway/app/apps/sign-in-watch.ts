import type { SignInTrace, TraceEvent, TraceNote } from '../../domain/apps/sign-in-trace.ts';
import type { Clock } from '../../ports/clock.ts';

/** Clients whose trace is kept; the one that was seen longest ago gives way. */
export const WATCHED_CLIENTS_MAX = 1_000;
export const TRACE_EVENTS_MAX = 40;
/** Attempts of clients that nobody knows. Anybody can make them. */
export const STRANGERS_MAX = 20;

/**
 * What clients do at the gateway, in memory and bounded: for an operator who connects an app. It says nothing that the log does not say,
 * and beside the log it holds addresses as apps present them.
 */
export interface SignInWatch {
  note(clientId: string, event: TraceNote): void;
  noteStranger(event: TraceNote): void;
  noteDiscovery(): void;
  /** Of an app whose client has gone. */
  forget(clientId: string): void;
  traceOf(clientId: string): SignInTrace;
  /** Called after whatever may change the trace of the client. Returns the end of the subscription. */
  subscribe(clientId: string, listener: () => void): () => void;
}

export function createSignInWatch(clock: Clock, limits = { clientsMax: WATCHED_CLIENTS_MAX }): SignInWatch {
  const traces = new Map<string, TraceEvent[]>();
  const listeners = new Map<string, Set<() => void>>();
  const strangers: TraceEvent[] = [];
  let discoveredAtMs: number | null = null;

  const tell = (clientId: string): void => {
    for (const listener of listeners.get(clientId) ?? []) listener();
  };
  const tellAll = (): void => {
    for (const clientId of listeners.keys()) tell(clientId);
  };
  const keep = (events: TraceEvent[], note: TraceNote, eventsMax: number): void => {
    // A monitor that nobody signs in asks all day, and would push out whoever did sign in.
    if (note.kind === 'asked' && events.at(-1)?.kind === 'asked') events.pop();
    events.push({ ...note, atMs: clock.nowMs() });
    if (events.length > eventsMax) events.shift();
  };

  return {
    note: (clientId, note) => {
      const events = traces.get(clientId) ?? [];
      traces.delete(clientId);
      const [oldest] = traces.keys();
      if (traces.size >= limits.clientsMax && oldest !== undefined) traces.delete(oldest);
      traces.set(clientId, events);
      keep(events, note, TRACE_EVENTS_MAX);
      tell(clientId);
    },
    noteStranger: (note) => {
      keep(strangers, note, STRANGERS_MAX);
      tellAll();
    },
    noteDiscovery: () => {
      discoveredAtMs = clock.nowMs();
      tellAll();
    },
    forget: (clientId) => {
      traces.delete(clientId);
      tell(clientId);
    },
    traceOf: (clientId) => ({ events: [...(traces.get(clientId) ?? [])], strangers: [...strangers], discoveredAtMs }),
    subscribe: (clientId, listener) => {
      const own = listeners.get(clientId) ?? new Set();
      listeners.set(clientId, own.add(listener));
      return () => {
        own.delete(listener);
        if (own.size === 0) listeners.delete(clientId);
      };
    },
  };
}
