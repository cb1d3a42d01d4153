import { describe, expect, it, vi } from 'vitest';
import { personId } from '#test/support/people.ts';
import { changeStanding } from '#test/support/standing-change.ts';
import { ANN, HOUR_MS, leaseRig as rig, START_MS } from './lease-rig.ts';

describe('what a terminal did alone', () => {
  it('is in the log once, in order, as decisions of that time', async () => {
    const { enrol, entryOf, faceDevices, lend, pass, records, tell, terminal } = await rig();
    await enrol('ann');
    const { jws, lease } = await lend();
    pass(60_000);
    const first = entryOf(lease, 1);
    const second = entryOf(lease, 2, { outcome: 'refused', reason: 'no_match', band: 'below', liveness: 'none' });
    pass(HOUR_MS);
    expect(await tell(jws, first, second)).toBe(2);
    expect(await tell(jws, first, second)).toBe(2);
    expect(await records('decision')).toMatchObject([
      {
        mode: 'leased',
        effect: 'permit',
        personId: ANN,
        occurredAtMs: START_MS + 60_000,
        input: { context: { pep: { mode: 'leased' }, face: { verified: true } } },
      },
      { mode: 'leased', effect: 'deny', input: { context: { face: { verified: false } } } },
    ]);
    expect((await records('outcome')).map(({ detail, outcome }) => [outcome, detail])).toEqual([
      ['unlocked', 'leased fdv_main 1 verified'],
      ['withheld', 'leased fdv_main 2 no_match'],
    ]);
    expect(await records('alarm')).toEqual([]);
    expect(await faceDevices.journalSeq(terminal.device.id)).toBe(2);
  });

  it('counts against whose badge showed somebody else, as at a door that asks', async () => {
    const { enrol, entryOf, lend, records, tell } = await rig();
    await enrol('ann');
    const { jws, lease } = await lend();
    const refused = (seq: number, reason: string) => entryOf(lease, seq, { outcome: 'refused', reason, band: 'below', liveness: 'none' });
    await tell(
      jws,
      entryOf(lease, 1),
      refused(2, 'no_match'),
      refused(3, 'not_live'),
      refused(4, 'no_face'),
      refused(5, 'lease.not_listed'),
    );
    expect(await records('credential')).toMatchObject([
      { event: 'authentication_failed', personId: ANN, cause: 'door:no_match', occurredAtMs: START_MS },
      { event: 'authentication_failed', personId: ANN, cause: 'door:not_live' },
    ]);
  });

  it('is known again by a gateway that ended before it had counted', async () => {
    const { enrol, entryOf, faceDevices, lend, records, restart, tell } = await rig();
    await enrol('ann');
    const { jws, lease } = await lend();
    const lost = vi.spyOn(faceDevices, 'advanceJournal').mockRejectedValueOnce(new Error('the power went'));
    await expect(tell(jws, entryOf(lease, 1))).rejects.toThrow('the power went');
    lost.mockRestore();
    restart();
    expect(await tell(jws, entryOf(lease, 1))).toBe(1);
    expect(await records('decision')).toHaveLength(1);
  });

  it('is an alarm where somebody came in who had been suspended by then, and none where the suspension came after', async () => {
    const { audit, enrol, entryOf, lend, pass, people, records, tell } = await rig();
    await enrol('ann');
    const { jws, lease } = await lend();
    const before = entryOf(lease, 1);
    pass(60_000);
    await changeStanding({ people, audit }, { personId: ANN, to: 'suspended', nowMs: START_MS + 60_000 });
    pass(60_000);
    expect(await tell(jws, before, entryOf(lease, 2))).toBe(2);
    expect((await records('decision')).map(({ effect }) => effect)).toEqual(['permit', 'deny']);
    expect(await records('alarm')).toMatchObject([{ code: 'face.leased_entry_denied', sourceId: 'main-in', personId: ANN, active: true }]);
  });

  it.each([
    ['with a lease that was changed', (jws: string) => `${jws.slice(0, -4)}AAAA`, {}],
    ['with no lease', () => null, {}],
    ['by nobody who is listed', (jws: string) => jws, { person: personId('ben') }],
    ['after its end', (jws: string) => jws, { at_ms: START_MS + 9 * HOUR_MS }],
    ['by a picture', (jws: string) => jws, { liveness: 'none' as const }],
  ])('is an alarm %s', async (_what, change, entry) => {
    const { enrol, entryOf, lend, pass, records, tell } = await rig();
    await enrol('ann');
    const { jws, lease } = await lend();
    const said = entryOf(lease, 1, entry);
    pass(10 * HOUR_MS);
    expect(await tell(change(jws), said)).toBe(1);
    expect((await records('alarm')).map(({ code }) => code)).toContain('face.leased_entry_invalid');
  });

  it('is missed where an entry is missing, and the rest is taken', async () => {
    const { enrol, entryOf, lend, records, tell } = await rig();
    await enrol('ann');
    const { jws, lease } = await lend();
    expect(await tell(jws, entryOf(lease, 3))).toBe(3);
    expect((await records('alarm')).map(({ code }) => code)).toEqual(['face.lease_journal_gap']);
  });

  it('is taken of its own terminal alone', async () => {
    const { enrol, entryOf, lend, records, tell } = await rig();
    await enrol('ann');
    const { jws, lease } = await lend();
    expect(await tell(jws, entryOf(lease, 1, { device: 'fdv_other' }))).toBe(0);
    expect(await records('decision')).toEqual([]);
  });
});
