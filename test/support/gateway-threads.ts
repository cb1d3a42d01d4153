import type { RunningGateway } from './running-gateway.ts';

/** Replies and events of the inspector, as far as they are read here (Chrome DevTools Protocol, domain NodeWorker). */
interface InspectorMessage {
  readonly id?: number;
  readonly method?: string;
  readonly params?: { readonly sessionId?: string; readonly workerInfo?: { readonly title: string }; readonly message?: string };
}

const THROW = "setImmediate(() => { throw new TypeError('a bug') })";
const LOOP = 'setImmediate(() => { for (;;); })';
const ATTACH_TIMEOUT_MS = 10_000;
/** A hung thread is not ended before its heartbeat was missed for long enough. */
const HUNG_TIMEOUT_MS = 20_000;

type ThreadName = 'doors' | 'audit' | 'oidc';

/**
 * Ends a worker thread of a gateway that was started with `inspect`, as a bug in it would: the debugger lets the thread throw what nobody
 * catches. The gateway itself has no way to do this.
 */
export async function endThread(gateway: RunningGateway, name: ThreadName): Promise<void> {
  await runUntilItEnds(gateway, name, { expression: THROW, timeoutMs: ATTACH_TIMEOUT_MS });
}

/** Lets a worker thread stand in an endless loop. Resolves when the gateway has ended it. */
export async function hangThread(gateway: RunningGateway, name: ThreadName): Promise<void> {
  await runUntilItEnds(gateway, name, { expression: LOOP, timeoutMs: HUNG_TIMEOUT_MS });
}

async function runUntilItEnds(
  gateway: RunningGateway,
  name: ThreadName,
  { expression, timeoutMs }: { readonly expression: string; readonly timeoutMs: number },
): Promise<void> {
  const url = gateway.output().match(/ws:\/\/\S+/)?.[0];
  if (url === undefined) throw new Error('the gateway was started without an inspector');
  const socket = new WebSocket(url);
  const send = (id: number, method: string, params: object): void => socket.send(JSON.stringify({ id, method, params }));
  try {
    await new Promise<void>((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`no thread ${name}, or it does not end`)), timeoutMs);
      socket.addEventListener('error', () => reject(new Error('the inspector does not answer')));
      socket.addEventListener('open', () => send(1, 'NodeWorker.enable', { waitForDebuggerOnStart: false }));
      socket.addEventListener('message', ({ data }) => {
        const { method, params } = JSON.parse(String(data)) as InspectorMessage;
        if (method === 'NodeWorker.attachedToWorker' && params?.workerInfo?.title.includes(name) === true) {
          const evaluate = { id: 1, method: 'Runtime.evaluate', params: { expression } };
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
