import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createOcservDisconnect } from '#adapters/vpn/ocserv/ocserv-disconnect.ts';
import { dataFiles } from '#gateway/compose-records.ts';
import { personDetailSchema } from '#gateway/http/contract/admin.ts';
import { startFreeradius, type FreeradiusServer } from '#test/support/peers/freeradius-server.ts';
import { startOcserv, type OcservServer } from '#test/support/peers/ocserv-server.ts';
import { until } from '#test/support/running-gateway.ts';
import { layOutVpnSite, REALM, type VpnSite } from '#test/support/vpn-site.ts';

/** openconnect -> ocserv -> FreeRADIUS -> the whole gateway, with the shipped files. The tests follow one another. */
let site: VpnSite;
let radius: FreeradiusServer;
let ocserv: OcservServer;
const socketIn = (folder: string): string => join(folder, 'occtl.socket');

beforeAll(async () => {
  site = await layOutVpnSite((folder) => ({ ocserv_socket: socketIn(folder) }));
  radius = await startFreeradius({ folder: site.folder, gatewayUrl: site.gateway.url, realm: REALM, key: site.key });
  ocserv = await startOcserv({ socketFile: socketIn(site.folder), radius });
});
afterAll(async () => {
  await ocserv?.end();
  await radius?.end();
  await site?.remove();
});

const tunnelsOf = async (personId: string) => {
  const { sessions } = await site.gateway.api.get(`/api/people/${personId}`, personDetailSchema);
  return sessions.filter(({ kind }) => kind === 'vpn');
};

/** What accounting told the gateway that its server calls the person's tunnels. */
function serverSessionIdsOf(personId: string): readonly string[] {
  const database = new DatabaseSync(dataFiles(site.folder).records, { readOnly: true });
  const rows = database.prepare('SELECT server_session_id FROM vpn_sessions WHERE person_id = ?').all(personId);
  database.close();
  return rows.map((row) => String(row['server_session_id']));
}

describe('a tunnel through ocserv', () => {
  it('comes up with a code and is one of the person’s sessions; a suspension brings it down within a second', async () => {
    const ann = await site.enrol('usr_ann');
    const { client, isUp } = await ocserv.connect('ann@example.test', await site.code(ann));
    expect(isUp, `${client.output()}\n${ocserv.program.output()}`).toBe(true);
    await until('the session is known', 10_000, async () => ((await tunnelsOf('usr_ann')).length === 1 ? true : null));

    const startedMs = performance.now();
    const { receipt } = await site.suspend('usr_ann');
    const tookMs = performance.now() - startedMs;

    expect(receipt.targets.find(({ target }) => target === 'vpn')).toEqual({
      target: 'vpn',
      method: 'disconnect',
      acknowledgedAtMs: expect.any(Number) as number,
      count: 1,
    });
    expect(receipt.state).toBe('contained');
    expect(ocserv.occtl('-j', 'show', 'users')).not.toContain('ann@example.test');
    expect(tookMs).toBeLessThan(1_000);
    await client.exited();
    expect(await tunnelsOf('usr_ann')).toEqual([]);
  });

  it('ends by its own name, and the person’s other one stays up', async () => {
    const eva = await site.enrol('usr_eva');
    for (let count = 0; count < 2; count += 1) expect((await ocserv.connect('usr_eva', await site.code(eva))).isUp).toBe(true);
    await until('both sessions are known', 10_000, async () => ((await tunnelsOf('usr_eva')).length === 2 ? true : null));
    const [told = ''] = serverSessionIdsOf('usr_eva');
    const server = createOcservDisconnect({ socketFile: socketIn(site.folder) });
    expect(await server.disconnect([], [{ serverSessionId: told, userName: 'usr_eva', nas: null }])).toBe(1);
    expect(ocserv.occtl('-j', 'show', 'users').match(/usr_eva/g)).toHaveLength(1);
    await until('the gateway knows it', 10_000, async () => ((await tunnelsOf('usr_eva')).length === 1 ? true : null));
    expect(await server.disconnect(['usr_eva'], [])).toBe(1);
  });

  it('is refused to a suspended person, who reads why', async () => {
    const ben = await site.enrol('usr_ben');
    const code = await site.code(ben);
    await site.suspend('usr_ben');
    const { client, isUp } = await ocserv.connect('usr_ben', code);
    expect(isUp).toBe(false);
    expect(client.output()).toContain('Your access is suspended, at doors and systems alike.');
    expect(client.output()).toMatch(/\[dec_[a-z2-7]+\]/);
  });

  it('does not stay up with a cookie from before a suspension', async () => {
    const dan = await site.enrol('usr_dan');
    const cookie = await ocserv.cookie('usr_dan', await site.code(dan));
    expect(cookie).not.toBe('');
    await site.suspend('usr_dan');
    expect(await ocserv.comeBack(cookie)).toMatch(/Session terminated by server|Cookie is no longer valid|Cookie was rejected|401/);
    expect(ocserv.occtl('-j', 'show', 'users')).not.toContain('usr_dan');
    expect(await tunnelsOf('usr_dan')).toEqual([]);
  });

  it('is refused with a wrong code, and the person reads where to get one', async () => {
    const { client, isUp } = await ocserv.connect('cleo@example.test', '12345678');
    expect(isUp).toBe(false);
    expect(client.output()).toContain(`Get a new one at ${site.gateway.url}/vpn`);
  });
});
