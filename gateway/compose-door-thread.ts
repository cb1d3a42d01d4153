import { Worker } from 'node:worker_threads';
import { connectDoorNode, DOOR_THREAD_HUNG } from '#adapters/door-link/connect-door-node.ts';
import type { OpenedAuditLog } from '#adapters/sqlite/audit/open-audit-log.ts';
import type { DoorStates } from './app/doors/door-states.ts';
import { superviseDoorNode, type DoorNodeLoss } from './app/doors/supervise-door-node.ts';
import type { DoorThreadData } from './compose-door-node.ts';
import type { AuditRecord } from './domain/audit/record.ts';
import { unheardDoorStatus } from './domain/doors/door-state.ts';
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
  /** The doors are without a controller and every attempt to start one has failed. */
  readonly onGivenUp: () => void;
}

const DETAIL_MAX = 500;

/** Doors have a thread of their own, which is started again when it ends: they must not feel the web. @throws store.unavailable it does not start */
export async function startDoorThread(deps: DoorThreadDeps): Promise<DoorNode> {
  const { audit, clock, log } = deps;
  const record = async (...records: readonly AuditRecord[]): Promise<void> => {
    await Promise.all(records.map((entry) => audit.append(entry))).catch((failure: unknown) =>
      log.error('audit.unrecorded', { type: 'system' }, failure),
    );
  };
  const system = (event: 'door_node_lost' | 'door_node_started', detail: string): AuditRecord => ({
    type: 'system',
    occurredAtMs: clock.nowMs(),
    event,
    detail: detail.slice(0, DETAIL_MAX),
  });
  let isHung = false;
  const hung = (active: boolean): AuditRecord => ({
    type: 'alarm',
    occurredAtMs: clock.nowMs(),
    code: 'door_node.hung',
    sourceType: 'gateway',
    sourceId: 'doors',
    active,
  });
  return superviseDoorNode({
    start: (onLost) => startWorker(deps, onLost),
    onLost: ({ cause, failure }) => {
      log.error('door_node.lost', { cause }, failure);
      deps.doorStates.forget(clock.nowMs());
      // A thread that throws is a bug; one that stands still may be the machine, and comes again: somebody should look.
      isHung = cause === DOOR_THREAD_HUNG;
      return record(system('door_node_lost', cause), ...(isHung ? [hung(true)] : []), ...unknownDoors(deps));
    },
    onRestarted: () => {
      log.warn('door_node.restarted');
      void record(system('door_node_started', 'after a loss'), ...(isHung ? [hung(false)] : []));
      isHung = false;
    },
    onGivenUp: () => {
      log.error('door_node.given_up');
      deps.onGivenUp();
    },
    nowMs: () => clock.monotonicUs() / 1_000,
  });
}

async function startWorker({ config, audit, log }: DoorThreadDeps, onLost: (loss: DoorNodeLoss) => void): Promise<DoorNode> {
  const auditPort = audit.connect();
  const worker = new Worker(new URL('./door-worker.ts', import.meta.url), {
    workerData: { config, auditPort } satisfies DoorThreadData,
    transferList: [auditPort],
    name: 'doors',
  });
  try {
    return await connectDoorNode(worker, { onLost });
  } catch (failure) {
    log.error('door_node.start_failed', {}, failure);
    throw failure;
  }
}

/** Whoever follows the log learns that nothing is known of the doors any more. */
function unknownDoors({ config, clock }: DoorThreadDeps): readonly AuditRecord[] {
  return config.installation.doors.map(({ id }) => ({
    type: 'door_state',
    occurredAtMs: clock.nowMs(),
    cause: 'node_lost',
    decisionId: null,
    state: unheardDoorStatus(id),
  }));
}
