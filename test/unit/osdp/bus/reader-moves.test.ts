import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createReaderMaintenance } from '#adapters/osdp/reader-maintenance.ts';
import type { MaintenanceEvent, ReaderMaintenance } from '#gateway/ports/reader-maintenance.ts';
import type { CommandResult } from '#gateway/ports/readers.ts';
import { BusRig, readerId } from './bus-rig.ts';

const PLACE = { address: 9, baud: 115_200 };
const REFUSED = { ok: false, code: 'reader.refused' };
let rig: BusRig;
let failed: MaintenanceEvent[];
let maintenance: ReaderMaintenance;

beforeEach(async () => {
  rig = new BusRig([{}, {}]);
  failed = [];
  const maintained = createReaderMaintenance({ busOf: () => rig.bus, onListenerFailed: (event) => failed.push(event) });
  maintenance = maintained.port;
  rig.onEffect = (id, effect) => maintained.onEffect(id, effect);
  await rig.start();
});

afterEach(() => rig.stop());

async function outcomes(...asked: readonly Promise<CommandResult>[]): Promise<readonly CommandResult[]> {
  await rig.clock.advance(12_000);
  return Promise.all(asked);
}

const addresses = (): readonly number[] => rig.pds.map(({ address }) => address);

describe('readers that are moved at once', () => {
  it('do not go to one address: the second is refused and both stay on line', async () => {
    expect(await outcomes(maintenance.setLine(readerId(0), PLACE), maintenance.setLine(readerId(1), PLACE))).toEqual([
      { ok: true },
      REFUSED,
    ]);
    expect(addresses()).toEqual([9, 1]);
    expect([0, 1].map((address) => rig.bus.inspect(readerId(address))?.state.reported)).toEqual(['online', 'online']);
  });

  it('do not take the place to which another may have to come back, nor is a reader added there', async () => {
    const first = maintenance.setLine(readerId(0), PLACE);
    const second = maintenance.setLine(readerId(1), { ...PLACE, address: 0 });
    expect(() => rig.bus.addReader({ readerId: readerId(5), address: 0 })).toThrow(TypeError);
    expect(await outcomes(first, second)).toEqual([{ ok: true }, REFUSED]);
    expect(await outcomes(maintenance.setLine(readerId(1), { ...PLACE, address: 0 }))).toEqual([{ ok: true }]);
  });
});

describe('a listener of the maintenance that throws', () => {
  it('neither stops the line nor keeps the event from others', async () => {
    const heard: string[] = [];
    maintenance.subscribe(() => {
      throw new TypeError('a fault of its own');
    });
    maintenance.subscribe(({ kind }) => heard.push(kind));
    expect(await outcomes(maintenance.setLine(readerId(0), PLACE))).toEqual([{ ok: true }]);
    expect(heard).toContain('line_changed');
    expect(failed.map(({ kind }) => kind)).toEqual(heard);
  });
});

describe('a command that is passed on as it is', () => {
  it.each([0x75, 0x175, 0x160, -139, 0x75 + 0.5, Number.NaN])(
    'is not one that belongs to the session, written as %d either',
    async (code) => {
      const before = rig.bus.counters.exchanges;
      expect(await maintenance.exchange(readerId(0), { code, data: new Uint8Array(0) })).toEqual(REFUSED);
      expect(rig.bus.counters.exchanges).toBe(before);
    },
  );
});
