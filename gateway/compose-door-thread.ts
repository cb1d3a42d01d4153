import { Worker } from 'node:worker_threads';
import { connectDoorNode } from '#adapters/door-link/connect-door-node.ts';
import type { OpenedAuditLog } from '#adapters/sqlite/audit/open-audit-log.ts';
import type { DoorStates } from './app/doors/door-states.ts';
import type { DoorThreadData } from './compose-door-node.ts';
import type { Config } from './platform/config/config.ts';
import type { Logger } from './platform/logger.ts';
import type { Clock } from './ports/clock.ts';
import type { DoorNode } from './ports/door-node.ts';

interface DoorThreadDeps {
  readonly config: Config;
  readonly audit: OpenedAuditLog;
  readonly doorStates: DoorStates;
  readonly clock: Clock;
  readonly log: Logger;
}

/** Doors have a thread of their own: they must not feel the web. @throws store.unavailable it does not start */
export async function startDoorThread({ config, audit, doorStates, clock, log }: DoorThreadDeps): Promise<DoorNode> {
  const auditPort = audit.connect();
  const worker = new Worker(new URL('./door-worker.ts', import.meta.url), {
    workerData: { config, auditPort } satisfies DoorThreadData,
    transferList: [auditPort],
    name: 'doors',
  });
  return connectDoorNode(worker, {
    onLost: (cause) => {
      log.error('door_node.lost', { cause });
      doorStates.forget(clock.nowMs());
      audit
        .append({ type: 'system', occurredAtMs: clock.nowMs(), event: 'door_node_lost', detail: cause.slice(0, 500) })
        .catch((failure: unknown) => log.error('audit.unrecorded', { type: 'system' }, failure));
    },
  });
}
