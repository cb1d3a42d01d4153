import { GatewayError } from '../../domain/errors.ts';
import type { SiteMap } from '../../domain/site/site-map.ts';
import type { DoorNode } from '../../ports/door-node.ts';
import type { FacePoint } from '../../ports/face-point.ts';
import type { PeopleStore } from '../../ports/people-store.ts';
import type { PolicyPoint } from '../../ports/policy-point.ts';
import type { ReaderWatch } from '../../ports/reader-watch.ts';
import type { ReaderDesk } from '../readers/reader-operations.ts';
import type { Readers } from '../../ports/readers.ts';
import { DOOR_TICK_MS, type DoorController } from './door-controller.ts';

export interface DoorNodeDeps {
  readonly sites: SiteMap;
  readonly controller: DoorController;
  readonly readers: Readers;
  readonly policyPoint: PolicyPoint;
  readonly watch: ReaderWatch;
  readonly operations: ReaderDesk;
  readonly faces: FacePoint;
  readonly people: PeopleStore;
  readonly reloadPolicyData: () => Promise<void>;
}

/** The door node in its own thread: starts the readers and answers the gateway's commands. */
export async function startDoorNode(deps: DoorNodeDeps): Promise<DoorNode> {
  let appliedEpoch = await deps.people.epoch();
  await deps.reloadPolicyData();
  deps.controller.start();
  await deps.operations.start();
  await deps.readers.start();
  const ticker = setInterval(() => deps.controller.tick(), DOOR_TICK_MS);
  return {
    release: async (doorId, decisionId) => {
      const result = await deps.controller.release(doorId, decisionId);
      if (result.ok) return { ok: true };
      if (result.code === 'door.unknown') return { ok: false, code: 'door.unknown' };
      return { ok: false, code: result.code === 'reader.offline' ? 'door.reader_offline' : 'door.refused' };
    },
    applyEpoch: async (epoch) => {
      // Decisions read their facts from the store at each badge: what begins from here on sees the epoch's standing. What had begun
      // before is waited for, and re-checks the epoch itself before it releases a lock.
      const stored = await deps.people.epoch();
      if (stored < epoch) throw new GatewayError('store.unavailable', 'the door node does not see the revocation yet');
      await deps.controller.settled();
      appliedEpoch = Math.max(appliedEpoch, stored);
      return { epoch: appliedEpoch, doors: deps.sites.installation.doors.length };
    },
    reloadGrants: deps.reloadPolicyData,
    policyPoint: deps.policyPoint,
    watch: deps.watch,
    operations: deps.operations,
    faces: deps.faces,
    status: () => ({ state: 'online', epoch: appliedEpoch }),
    stop: async () => {
      clearInterval(ticker);
      deps.controller.stop();
      deps.operations.stop();
      await deps.readers.stop();
    },
  };
}
