import { unheardDoorStatus } from '../../domain/doors/door-state.ts';
import type { DoorStatus } from '../../domain/audit/door-records.ts';
import type { DoorId, ReaderId } from '../../domain/site/ids.ts';
import type { SiteMap } from '../../domain/site/site-map.ts';
import type { AuditEntry } from '../../ports/audit-log.ts';

export interface DoorStateView {
  readonly doorId: DoorId;
  readonly status: DoorStatus;
  /** Epoch ms; null when nothing was heard since the gateway started. */
  readonly sinceMs: number | null;
}

/** What the doors were last heard to be: a projection of the log. Unknown until the door node speaks, and again when it is lost. */
export interface DoorStates {
  apply(entry: AuditEntry): void;
  list(): readonly DoorStateView[];
  readerOnline(readerId: ReaderId): boolean;
  /** The door node is gone: nothing is known any more, whatever of its entries is still on the way, until a node starts. */
  forget(nowMs: number): void;
}

export function createDoorStates(sites: SiteMap): DoorStates {
  const doors = new Map<string, Omit<DoorStateView, 'doorId'>>();
  const online = new Set<string>();
  let isNodeLost = false;
  return {
    apply: ({ record }) => {
      if (record.type === 'door_state' && record.cause === 'node_started') isNodeLost = false;
      if (isNodeLost) return;
      if (record.type === 'door_state') doors.set(record.state.doorId, { status: record.state, sinceMs: record.occurredAtMs });
      if (record.type !== 'reader_state') return;
      if (record.online) online.add(record.readerId);
      else online.delete(record.readerId);
    },
    list: () =>
      sites.installation.doors.map(({ id }) => ({ doorId: id, ...(doors.get(id) ?? { status: unheardDoorStatus(id), sinceMs: null }) })),
    readerOnline: (readerId) => online.has(readerId),
    forget: (nowMs) => {
      isNodeLost = true;
      online.clear();
      for (const { id } of sites.installation.doors) doors.set(id, { status: unheardDoorStatus(id), sinceMs: nowMs });
    },
  };
}
