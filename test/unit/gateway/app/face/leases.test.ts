import { describe, expect, it } from 'vitest';
import { LEASE_STEP_MS } from '#gateway/app/face/lease-desk.ts';
import { markBadge } from '#gateway/domain/face/badge-mark.ts';
import { LEASE_JWS_MAX, LEASE_PEOPLE_MAX } from '#gateway/domain/face/lease.ts';
import { personId, someBadge } from '#test/support/people.ts';
import { sampleInstallation } from '#test/support/sample-installation.ts';
import { SAMPLE_PACK } from '#test/support/face/signing-terminal.ts';
import { denyAnswer, permitAnswer } from '#test/support/policy/stub-policy.ts';
import { ANN, HOUR_MS, leaseRig as rig, START_MS, type Judge } from './lease-rig.ts';

describe('a lease that is lent', () => {
  it('lists who would come in by badge and face, under marks of their badges, and is signed', async () => {
    const { asked, enrol, key, lend } = await rig();
    await enrol('ann');
    const { jws, lease } = await lend();
    expect(lease).toMatchObject({ device: 'fdv_main', reader: 'main-in', door: 'main', pack: SAMPLE_PACK, issued_at_ms: START_MS });
    expect(lease.expires_at_ms - lease.issued_at_ms).toBe(8 * HOUR_MS);
    expect(lease.people).toEqual([
      {
        person: ANN,
        template: 'tpl_ann',
        badges: [markBadge('H10301:12:ann', lease.salt)],
        until_ms: lease.expires_at_ms,
        release_ms: 5_000,
      },
    ]);
    expect(jws).not.toContain(Buffer.from('H10301').toString('base64url').slice(0, 6));
    expect(asked[0]?.context).toMatchObject({
      pep: { mode: 'leased' },
      face: { verified: true, liveness: 'active', score_band: 'standard' },
    });
    expect(await key.verify(`${jws.slice(0, -4)}AAAA`)).toBeNull();
  });

  it('lists nobody whom the policy refuses, whose template counts no more, or who is to be forgotten', async () => {
    const { credentials, enrol, faceTemplates, lend, people } = await rig();
    for (const name of ['ann', 'ben', 'cid', 'dan', 'eve', 'fay']) await enrol(name);
    await people.changeStanding({ personId: personId('ann'), to: 'suspended', nowMs: START_MS });
    await enrol('ben', { id: 'tpl_ben_2', packHash: 'c'.repeat(64), enrolledAtMs: START_MS + 1 });
    await enrol('cid', { id: 'tpl_cid_2', expiresAtMs: START_MS, enrolledAtMs: START_MS + 1 });
    await enrol('dan', { id: 'tpl_dan_2', storage: 'carried', enrolledAtMs: START_MS + 1 });
    await faceTemplates.orderDeletion('tpl_eve', START_MS);
    await credentials.saveBadge(someBadge('fay', { personId: personId('fay'), status: 'lost' }));
    const { lease } = await lend();
    expect(lease.people.map(({ person }) => person)).toEqual([personId('fay')]);
  });

  it('lists a person up to where their time ends', async () => {
    const endMs = START_MS + 2 * LEASE_STEP_MS + 60_000;
    const judge: Judge = ({ context }) => (context.time.epoch_ms < endMs ? permitAnswer('door.granted') : denyAnswer('grant.none'));
    const { enrol, lend } = await rig({ judge });
    await enrol('ann');
    const { lease } = await lend();
    expect(lease.people[0]?.until_ms).toBe(START_MS + 2 * LEASE_STEP_MS);
  });

  it('gives more time at the door to whoever needs it, and lists nobody of whom more is wanted', async () => {
    const wants =
      (id: string): Judge =>
      () =>
        permitAnswer('door.granted', [id === 'pin' ? { id, digits_max: 8 } : { id }]);
    const slow = await rig({ judge: wants('extended_open_time') });
    await slow.enrol('ann');
    expect((await slow.lend()).lease.people[0]?.release_ms).toBe(15_000);
    for (const more of ['pin', 'second_person']) {
      const { enrol, lend } = await rig({ judge: wants(more) });
      await enrol('ann');
      expect((await lend()).lease.people).toEqual([]);
    }
  });

  it('is none where the door does not say so, and no longer than its area allows', async () => {
    const closed = await rig({ doors: sampleInstallation.doors.map((door) => ({ ...door, offlineLeaseS: 0 })) });
    expect(await closed.desk.lend(closed.terminal.device)).toMatchObject({ jws: null });
    const { desk, key, terminal } = await rig();
    const { jws } = await desk.lend({ ...terminal.device, readerId: 'lab-in' as never });
    const lab = jws === null ? null : await key.verify(jws);
    expect((lab?.expires_at_ms ?? 0) - (lab?.issued_at_ms ?? 0)).toBeLessThanOrEqual(8 * HOUR_MS);
  });

  it('names the most people, and fits on its way', async () => {
    const { enrol, lend } = await rig({ judge: () => permitAnswer('door.granted') });
    for (let index = 0; index <= LEASE_PEOPLE_MAX; index += 1)
      await enrol(`p${String(index).padStart(22, '0')}`, { id: `tpl_${String(index).padStart(24, '0')}` });
    const { jws, lease } = await lend();
    expect(lease.people).toHaveLength(LEASE_PEOPLE_MAX);
    expect(jws.length).toBeLessThan(LEASE_JWS_MAX);
  });
});
