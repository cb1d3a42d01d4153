import { EventEmitter } from 'node:events';
import type { DoorThread } from '#adapters/door-link/connect-door-node.ts';
import type { DoorCallMessage, DoorReply } from '#adapters/door-link/messages.ts';

export interface FakeDoorThread extends DoorThread {
  /** What was asked of it, in order. */
  readonly calls: DoorCallMessage[];
  says(reply: DoorReply): void;
  ends(code: number): void;
  fails(error: Error): void;
}

/** A door thread that does nothing by itself: the test speaks for it. */
export function createFakeDoorThread(): FakeDoorThread {
  const events = new EventEmitter();
  const calls: DoorCallMessage[] = [];
  const thread = {
    on: (name: string, listener: (...values: unknown[]) => void) => {
      events.on(name, listener);
      return thread;
    },
    postMessage: (message: DoorCallMessage) => void calls.push(message),
    terminate: () => {
      events.emit('exit', 1);
      return Promise.resolve(1);
    },
    calls,
    says: (reply: DoorReply) => void events.emit('message', reply),
    ends: (code: number) => void events.emit('exit', code),
    fails: (error: Error) => void events.emit('error', error),
  };
  // Node's overloads of `on` have one name each; the emitter takes any.
  return thread as unknown as FakeDoorThread;
}
