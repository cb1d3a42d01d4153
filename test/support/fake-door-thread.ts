import { EventEmitter } from 'node:events';
import type { DoorThread } from '#adapters/door-link/connect-door-node.ts';
import type { DoorCallMessage, DoorHeartbeat, DoorReply } from '#adapters/door-link/messages.ts';

export interface FakeDoorThread extends DoorThread {
  /** What was asked of it, in order. */
  readonly calls: DoorCallMessage[];
  /** Whether it was terminated. */
  ended: boolean;
  says(reply: DoorReply): void;
  ends(code: number): void;
  /** From now on its event loop stands still: it answers no heartbeat. */
  hangs(): void;
  fails(error: Error): void;
}

/** A door thread that answers heartbeats and does nothing else by itself: the test speaks for it. */
export function createFakeDoorThread(): FakeDoorThread {
  const events = new EventEmitter();
  const calls: DoorCallMessage[] = [];
  let hung = false;
  const thread = {
    on: (name: string, listener: (...values: unknown[]) => void) => {
      events.on(name, listener);
      return thread;
    },
    postMessage: (message: DoorCallMessage | DoorHeartbeat) => {
      if (!('kind' in message)) calls.push(message);
      else if (!hung) queueMicrotask(() => events.emit('message', { kind: 'alive' } satisfies DoorReply));
    },
    ended: false,
    terminate: () => {
      thread.ended = true;
      events.emit('exit', 1);
      return Promise.resolve(1);
    },
    calls,
    says: (reply: DoorReply) => void events.emit('message', reply),
    hangs: () => void (hung = true),
    ends: (code: number) => void events.emit('exit', code),
    fails: (error: Error) => void events.emit('error', error),
  };
  // Node's overloads of `on` have one name each; the emitter takes any.
  return thread as unknown as FakeDoorThread;
}
