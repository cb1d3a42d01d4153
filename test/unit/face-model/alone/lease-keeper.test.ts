import { mkdir, readFile, rmdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { CLOCK_NOTE_MS, RENEW_MS_MAX, type LeaseKeeper } from '#face-model/terminal/alone/lease-keeper.ts';
import { clockedKeeper, HOUR_MS, newLeaseKey, sampleLease, START_MS } from '#test/support/sample-lease.ts';

describe('the lease of a terminal', () => {
  it('is in force to its end, by the gateway’s time, also for a program that is started anew', async () => {
    const { open, pass, take } = await clockedKeeper();
    const keeper = await open();
    expect(keeper.current()).toEqual({ ok: false, code: 'lease.none' });
    expect(await take(keeper)).toBeNull();
    pass(HOUR_MS - 1);
    expect(keeper.current()).toMatchObject({ ok: true, nowMs: START_MS + HOUR_MS - 1 });
    expect((await open()).current()).toMatchObject({ ok: true });
    pass(1);
    expect(keeper.current()).toEqual({ ok: false, code: 'lease.expired' });
    expect((await open()).current()).toEqual({ ok: false, code: 'lease.expired' });
  });

  it('lasts no longer because the clock is set back, nor because the program is started anew as well', async () => {
    const { clock, open, pass, take } = await clockedKeeper();
    const keeper = await open();
    await take(keeper);
    pass(HOUR_MS / 2);
    await keeper.note();
    clock.wallMs -= HOUR_MS / 4;
    expect(keeper.current()).toMatchObject({ ok: true, nowMs: START_MS + HOUR_MS / 2 });
    expect((await open()).current()).toEqual({ ok: false, code: 'lease.clock_set_back' });
    pass(HOUR_MS / 2);
    expect(keeper.current()).toEqual({ ok: false, code: 'lease.expired' });
  });

  it.each([
    ['another terminal', sampleLease({ device: 'fdv_back' }), 'lease.wrong_device'],
    ['another door', sampleLease({ door: 'back' }), 'lease.wrong_door'],
    ['another pack', sampleLease({ pack: 'c'.repeat(64) }), 'lease.wrong_pack'],
    [
      'a time that was over long ago',
      sampleLease({ issued_at_ms: START_MS - HOUR_MS, expires_at_ms: START_MS + HOUR_MS }),
      'lease.superseded',
    ],
  ] as const)('is refused when it is that of %s', async (_what, other, fault) => {
    const { open, take } = await clockedKeeper();
    const keeper = await open();
    await take(keeper);
    expect(await take(keeper, other)).toBe(fault);
    expect(keeper.current()).toMatchObject({ ok: true, lease: { id: 'lse_1', device: 'fdv_front' } });
  });

  it('is refused when it is changed, or signed by another key than the first', async () => {
    const { folder, open, take } = await clockedKeeper();
    const keeper = await open();
    await take(keeper);
    expect(await take(keeper, sampleLease({ id: 'lse_2' }), newLeaseKey())).toBe('lease.tampered');
    const text = await readFile(join(folder, 'lease.json'), 'utf8');
    const { jws, ...rest } = JSON.parse(text) as { readonly jws: string };
    const [header = '', payload = '', signature = ''] = jws.split('.');
    const wider = { ...sampleLease(), expires_at_ms: START_MS + 2 * HOUR_MS };
    for (const forged of [Buffer.from(JSON.stringify(wider)).toString('base64url'), `${payload}A`]) {
      await writeFile(join(folder, 'lease.json'), JSON.stringify({ ...rest, jws: `${header}.${forged}.${signature}` }));
      expect((await open()).current()).toEqual({ ok: false, code: 'lease.tampered' });
    }
    await writeFile(join(folder, 'lease.json'), text.slice(0, 40));
    expect((await open()).current()).toEqual({ ok: false, code: 'lease.none' });
  });

  it('ends when the gateway lends none any more, or knows the terminal no more', async () => {
    const { open, take } = await clockedKeeper();
    for (const end of [(keeper: LeaseKeeper) => take(keeper, null), (keeper: LeaseKeeper) => keeper.drop()]) {
      const keeper = await open();
      await take(keeper);
      await end(keeper);
      expect(keeper.current()).toEqual({ ok: false, code: 'lease.none' });
      expect((await open()).current()).toEqual({ ok: false, code: 'lease.none' });
    }
  });

  it('is due for another after a part of its life, and at once after a revocation', async () => {
    const { open, pass, take } = await clockedKeeper();
    const keeper = await open();
    expect(keeper.isDue(3)).toBe(true);
    await take(keeper);
    expect(keeper.isDue(3)).toBe(false);
    expect(keeper.isDue(4)).toBe(true);
    pass(RENEW_MS_MAX - 1);
    expect(keeper.isDue(3)).toBe(false);
    pass(1);
    expect(keeper.isDue(3)).toBe(true);
  });

  it('writes the time down now and then, not always', async () => {
    const { folder, open, pass, take } = await clockedKeeper();
    const keeper = await open();
    await take(keeper);
    const before = await readFile(join(folder, 'lease.json'), 'utf8');
    pass(CLOCK_NOTE_MS - 1);
    await keeper.note();
    expect(await readFile(join(folder, 'lease.json'), 'utf8')).toBe(before);
    pass(1);
    await keeper.note();
    expect(await readFile(join(folder, 'lease.json'), 'utf8')).not.toBe(before);
  });

  it('is named once it is on the disk, also by a program that is started anew', async () => {
    const { open, take } = await clockedKeeper();
    const keeper = await open();
    expect(keeper.kept()).toBeNull();
    const taking = take(keeper);
    expect(keeper.kept()).toBeNull();
    await taking;
    expect([keeper.kept(), (await open()).kept()]).toEqual(['lse_1', 'lse_1']);
    expect(await take(keeper, sampleLease({ id: 'lse_2', door: 'back' }))).toBe('lease.wrong_door');
    expect(keeper.kept()).toBe('lse_1');
    await keeper.drop();
    expect([keeper.kept(), (await open()).kept()]).toEqual([null, null]);
  });

  it('is still the older one by name when the disk does not take the newer one', async () => {
    const { folder, open, take } = await clockedKeeper();
    const keeper = await open();
    await take(keeper);
    await mkdir(join(folder, 'lease.json.new'));
    await expect(take(keeper, sampleLease({ id: 'lse_2' }))).rejects.toThrow();
    expect([keeper.kept(), (await open()).kept()]).toEqual(['lse_1', 'lse_1']);
    await rmdir(join(folder, 'lease.json.new'));
    expect(await take(keeper, sampleLease({ id: 'lse_3' }))).toBeNull();
    expect((await open()).kept()).toBe('lse_3');
  });

  it('is not written over by the time that was noted of the one before', async () => {
    const { open, pass, take } = await clockedKeeper();
    const keeper = await open();
    await take(keeper);
    pass(CLOCK_NOTE_MS);
    const newer = sampleLease({ id: 'lse_2', issued_at_ms: START_MS + CLOCK_NOTE_MS });
    await Promise.all([keeper.note(), take(keeper, newer), keeper.note()]);
    expect((await open()).kept()).toBe('lse_2');
  });
});
