import { describe, expect, it, onTestFinished } from 'vitest';
import { logPageSchema } from '#gateway/http/contract/admin.ts';
import { whoCanSchema } from '#gateway/http/contract/who-can.ts';
import { freePort, startGateway } from '#test/support/running-gateway.ts';
import { temporaryFolder } from '#test/support/temporary-folder.ts';

describe('gatehouse who-can, at a running gateway', () => {
  it('tells who can open a door now, and the log says who asked', async () => {
    const gateway = await startGateway({ dataDir: await temporaryFolder(), port: await freePort() });
    onTestFinished(() => gateway.kill());
    // He may in business hours only, which come and go while this runs.
    expect((await gateway.cli('suspend', 'omar', '--reason', 'is away')).code).toBe(0);
    const asked = await gateway.cli('who-can', 'loading dock', '--json');
    expect(asked.code).toBe(0);
    const answer = whoCanSchema.parse(JSON.parse(asked.stdout));
    expect(answer).toMatchObject({ action: 'door.unlock', people: [{ personId: 'usr_milo', conditions: ['pin'] }], hasMore: false });

    const suspended = await gateway.cli('suspend', 'milo', '--reason', 'lost his badge');
    expect(suspended.code).toBe(0);
    expect(whoCanSchema.parse(JSON.parse((await gateway.cli('who-can', 'hq-dock', '--json')).stdout)).people).toEqual([]);

    const { entries } = await gateway.api.get('/api/log?types=access_search', logPageSchema);
    expect(entries.map(({ record }) => record)).toMatchObject([
      { askedBy: 'local', channel: 'cli', resourceId: 'hq-dock', found: 0 },
      { askedBy: 'local', channel: 'cli', resourceId: 'hq-dock', found: 1 },
    ]);
    await expect(gateway.api.get('/api/doors/nowhere/who-can', whoCanSchema)).rejects.toThrow('resource.unknown');
  });
});
