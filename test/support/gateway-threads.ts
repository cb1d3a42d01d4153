import type { RunningGateway } from './running-gateway.ts';

/** Replies and events of the inspector, as far as they are read here (Chrome DevTools Protocol, domain NodeWorker). */
interface InspectorMessage {
  readonly id?: number;
  readonly method?: string;
  readonly params?: { readonly sessionId?: string; readonly workerInfo?: { readonly title: string }; readonly message?: string };
}

const THROW = "setImmediate(() => { throw new TypeError('a bug') })";
const ATTACH_TIMEOUT_MS = 10_000;

/**
 * Ends a worker thread of a gateway that was started with `inspect`, as a bug in it would: the debugger lets the thread throw what nobody
 * catches. The gateway itself has no way to do this.
 */
export async function endThread(gateway: RunningGateway, name: 'doors' | 'audit'): Promise<void> {
  const url = gateway.output().match(/ws:\/\/\S+/)?.[0];
  if (url === undefined) throw new Error('the gateway was started without an inspector');
  const socket = new WebSocket(url);
  const send = (id: number, method: string, params: object): void => socket.send(JSON.stringify({ id, method, params }));
  try {
    await new Promise<void>((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`no thread ${name}`)), ATTACH_TIMEOUT_MS);
      socket.addEventListener('error', () => reject(new Error('the inspector does not answer')));
      socket.addEventListener('open', () => send(1, 'NodeWorker.enable', { waitForDebuggerOnStart: false }));
      socket.addEventListener('message', ({ data }) => {
        const { method, params } = JSON.parse(String(data)) as InspectorMessage;
        if (method === 'NodeWorker.attachedToWorker' && params?.workerInfo?.title.includes(name) === true) {
          const evaluate = { id: 1, method: 'Runtime.evaluate', params: { expression: THROW } };
          send(2, 'NodeWorker.sendMessageToWorker', { sessionId: params.sessionId, message: JSON.stringify(evaluate) });
        }
        if (method !== 'NodeWorker.detachedFromWorker') return;
        clearTimeout(timer);
        resolve();
      });
    });
  } finally {
    socket.close();
  }
}
