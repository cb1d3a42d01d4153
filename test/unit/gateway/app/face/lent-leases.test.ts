import { describe, expect, it, vi } from 'vitest';
import { LEASE_RECALLS_MAX, type LentLeases } from '#gateway/app/face/lent-leases.ts';
import { personId } from '#test/support/people.ts';
import { ANN, HOUR_MS, leaseRig as rig, START_MS } from './lease-rig.ts';

/** Of each terminal that may still let the person in. */
const exposedUntilMs = async (lent: LentLeases, person = ANN) => (await lent.exposures(person)).map(({ untilMs }) => untilMs);

describe('a lease that a terminal may have', () => {
  it('tells how long somebody is still exposed to a terminal that hears nothing', async () => {
    const { enrol, lend, lent, pass } = await rig();
    await lend();
    expect(await exposedUntilMs(lent)).toEqual([]);
    await enrol('ann');
    const { lease } = await lend();
    expect(await exposedUntilMs(lent)).toEqual([lease.expires_at_ms]);
    pass(8 * HOUR_MS);
    expect(await exposedUntilMs(lent)).toEqual([]);
  });

  it('exposes whoever was in the one before as well, until the terminal has named the newer one', async () => {
    const { enrol, faceTemplates, lend, lent, terminal } = await rig();
    await enrol('ann');
    const older = await lend();
    await faceTemplates.orderDeletion('tpl_ann', START_MS);
    const newer = await lend();
    expect(newer.lease.people).toEqual([]);
    expect(await exposedUntilMs(lent)).toEqual([older.lease.expires_at_ms]);
    for (const other of [older.lease.id, 'lse_unknown', null]) lent.named(terminal.device.id, other);
    expect(await exposedUntilMs(lent)).toEqual([older.lease.expires_at_ms]);
    lent.named(terminal.device.id, newer.lease.id);
    expect(await exposedUntilMs(lent)).toEqual([]);
  });

  it('exposes everybody after a restart, until the terminal has one of this run, or those before have ended', async () => {
    const { lend, lent, newDesk, newLent, pass, terminal } = await rig();
    expect([await exposedUntilMs(lent), await lent.isAnyLeft()]).toEqual([[], false]);
    const before = await lend();
    const again = newLent();
    expect([await exposedUntilMs(again), await again.isAnyLeft()]).toEqual([[before.lease.expires_at_ms], true]);
    again.named(terminal.device.id, before.lease.id);
    expect(await exposedUntilMs(again)).toHaveLength(1);
    const { lease } = await lend(newDesk(again));
    expect(await exposedUntilMs(again)).toHaveLength(1);
    again.named(terminal.device.id, lease.id);
    expect(await exposedUntilMs(again)).toEqual([]);
    pass(8 * HOUR_MS);
    expect(await exposedUntilMs(newLent())).toEqual([]);
  });

  it('exposes everybody at a terminal from before ends of leases were kept, for as long as the longest, and not again after each start', async () => {
    const { faceDevices, newLent, pass, terminal } = await rig();
    vi.spyOn(faceDevices, 'leaseEnds').mockResolvedValueOnce([{ id: terminal.device.id, untilMs: null }]);
    expect(await exposedUntilMs(newLent())).toEqual([START_MS + 8 * HOUR_MS]);
    pass(HOUR_MS);
    expect(await exposedUntilMs(newLent())).toEqual([START_MS + 8 * HOUR_MS]);
  });

  it('counts from before for no longer than the longest lease, and asks a terminal of which it knows nothing else when that calls', async () => {
    const { faceDevices, newLent, terminal } = await rig();
    const { id } = terminal.device;
    await faceDevices.raiseLeaseEnd(id, START_MS + 1_000 * HOUR_MS);
    const lent = newLent();
    expect(await exposedUntilMs(lent)).toEqual([START_MS + 8 * HOUR_MS]);
    const recall = lent.recall(ANN).catch(() => 'residual');
    await new Promise((resolve) => setImmediate(resolve));
    lent.named(id, 'lse_before');
    await lent.recalled(id);
    expect(await recall).toBe('residual');
  });

  it('is not lent while nobody can keep until when it counts', async () => {
    const { desk, faceDevices, lent, terminal } = await rig();
    const broken = new Error('the disk is gone');
    vi.spyOn(faceDevices, 'leaseEnds').mockRejectedValueOnce(broken);
    await expect(desk.lend(terminal.device)).rejects.toBe(broken);
    vi.spyOn(faceDevices, 'raiseLeaseEnd').mockRejectedValueOnce(broken);
    await expect(desk.lend(terminal.device)).rejects.toBe(broken);
    expect(await exposedUntilMs(lent)).toEqual([]);
  });

  it('is made anew without whoever is closed while it is made, and is none when that does not end', async () => {
    const { desk, enrol, faceDevices, lend, lent, people, terminal } = await rig();
    const everybody = ['ann', 'ben', 'cid', 'dan'];
    for (const name of everybody) await enrol(name);
    const raise = vi.spyOn(faceDevices, 'raiseLeaseEnd');
    const closedMeanwhile = (name: string) =>
      raise.mockImplementationOnce(
        async () => void (await people.changeStanding({ personId: personId(name), to: 'suspended', nowMs: START_MS })),
      );
    closedMeanwhile('ann');
    expect((await lend()).lease.people.map(({ person }) => person)).toEqual(['ben', 'cid', 'dan'].map(personId));
    expect(await exposedUntilMs(lent)).toEqual([]);
    for (const name of ['ben', 'cid', 'dan']) closedMeanwhile(name);
    expect(await desk.lend(terminal.device)).toMatchObject({ jws: null });
    // They were in the lease before, which the terminal may still have.
    expect(await exposedUntilMs(lent, personId('dan'))).toHaveLength(1);
  });

  it('is recalled after a revocation: terminals that wait ask anew and name what they have, and one that does not is told of', async () => {
    const { enrol, lend, lent, people, terminal } = await rig();
    const { id } = terminal.device;
    const suspend = () => people.changeStanding({ personId: ANN, to: 'suspended', nowMs: START_MS });
    await enrol('ann');
    await lend();
    await suspend();
    const waiting = lent.recalled(id).then(() => lend());
    const renamed = waiting.then(({ lease }) => lent.named(id, lease.id));
    expect(await lent.recall(ANN)).toBe(1);
    await renamed;
    expect((await waiting).lease.people).toEqual([]);
    expect(await lent.recall(ANN)).toBe(0);

    await people.changeStanding({ personId: ANN, to: 'active', nowMs: START_MS });
    await lend();
    await suspend();
    const lost = lent.recalled(id).then(() => lend());
    await expect(lent.recall(ANN)).rejects.toMatchObject({ code: 'store.unavailable' });
    await lost;
    expect(await exposedUntilMs(lent)).toHaveLength(1);
  });

  it('is asked for of a terminal that comes late, and not for ever of one that takes nothing', async () => {
    const { enrol, lend, lent, terminal } = await rig();
    const { id } = terminal.device;
    await enrol('ann');
    const { lease } = await lend();
    let asked = 0;
    // It was busy when the revocation began, and names the same again and again.
    const poll = async (): Promise<void> => {
      lent.named(id, lease.id);
      await lent.recalled(id);
      asked += 1;
      await poll();
    };
    setImmediate(() => void poll());
    await expect(lent.recall(ANN)).rejects.toMatchObject({ code: 'store.unavailable' });
    expect(asked).toBe(LEASE_RECALLS_MAX);
  });
});
