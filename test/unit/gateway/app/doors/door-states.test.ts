import { expect, it } from 'vitest';
import { createDoorStates } from '#gateway/app/doors/door-states.ts';
import type { DoorStatus } from '#gateway/domain/audit/door-records.ts';
import type { AuditRecord } from '#gateway/domain/audit/record.ts';
import { unheardDoorStatus } from '#gateway/domain/doors/door-state.ts';
import type { DoorId, ReaderId } from '#gateway/domain/site/ids.ts';
import { createSiteMap } from '#gateway/domain/site/site-map.ts';
import { sampleInstallation } from '#test/support/sample-installation.ts';

const MAIN = 'main' as DoorId;
const MAIN_READER = 'main-in' as ReaderId;
const locked: DoorStatus = { ...unheardDoorStatus(MAIN), contact: 'closed', lock: 'locked', mode: 'secure', fault: 'none' };

function createRig() {
  const states = createDoorStates(createSiteMap(sampleInstallation));
  const apply = (record: AuditRecord): void => states.apply({ seq: 1, arrivedAtMs: 5, previousHash: '', hash: '', record });
  return {
    states,
    says: (cause: string, state: DoorStatus = locked) => apply({ type: 'door_state', occurredAtMs: 5, cause, decisionId: null, state }),
    reader: (online: boolean) =>
      apply({ type: 'reader_state', occurredAtMs: 5, readerId: MAIN_READER, online, cause: 'timeout', identity: null }),
    main: () => states.list().find(({ doorId }) => doorId === MAIN),
  };
}

it('knows nothing of a door before its node has spoken', () => {
  const { states, main } = createRig();
  expect(main()).toEqual({ doorId: MAIN, status: unheardDoorStatus(MAIN), sinceMs: null });
  expect(states.readerOnline(MAIN_READER)).toBe(false);
});

it('is what the log said last', () => {
  const { states, main, says, reader } = createRig();
  says('contact');
  reader(true);
  expect(main()).toEqual({ doorId: MAIN, status: locked, sinceMs: 5 });
  expect(states.readerOnline(MAIN_READER)).toBe(true);
  reader(false);
  expect(states.readerOnline(MAIN_READER)).toBe(false);
});

it('does not take the last words of a lost node for the truth', () => {
  const { states, main, says, reader } = createRig();
  says('contact');
  states.forget(9);
  says('contact');
  reader(true);
  expect(main()).toEqual({ doorId: MAIN, status: unheardDoorStatus(MAIN), sinceMs: 9 });
  expect(states.readerOnline(MAIN_READER)).toBe(false);
});

it('listens again when a node has started', () => {
  const { states, main, says } = createRig();
  states.forget(9);
  says('node_started', unheardDoorStatus(MAIN));
  says('contact');
  expect(main()?.status).toEqual(locked);
});
