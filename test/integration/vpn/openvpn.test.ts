import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { personDetailSchema } from '#gateway/http/contract/admin.ts';
import type { VpnApprovalView, VpnApprovedView } from '#gateway/http/contract/vpn.ts';
import { startOpenvpn, type OpenvpnServer } from '#test/support/peers/openvpn-server.ts';
import { until } from '#test/support/running-gateway.ts';
import type { Enrolled } from '#test/support/oidc/sign-in.ts';
import type { RequestOptions } from '#test/support/oidc/software-authenticator.ts';
import { layOutVpnSite, type VpnSite } from '#test/support/vpn-site.ts';

/** Debian's OpenVPN, both ends, with the shipped files, managed by the whole gateway. The tests follow one another. */
let site: VpnSite;
let openvpn: OpenvpnServer;
const socketIn = (folder: string): string => join(folder, 'openvpn.sock');

beforeAll(async () => {
  site = await layOutVpnSite((folder) => ({ key_sha256: undefined, openvpn_socket: socketIn(folder) }));
  openvpn = await startOpenvpn({ folder: site.folder, socketFile: socketIn(site.folder) });
  await until('the gateway manages the server', 20_000, () =>
    openvpn.program.output().includes('MANAGEMENT: Client connected') ? true : null,
  );
});
afterAll(async () => {
  await openvpn?.end();
  await site?.remove();
});

const tunnelsOf = async (personId: string) => {
  const { sessions } = await site.gateway.api.get(`/api/people/${personId}`, personDetailSchema);
  return sessions.filter(({ kind }) => kind === 'vpn');
};

/** What the page does when the person uses a passkey. */
async function usePage(page: string, { authenticator, browser }: Enrolled) {
  const path = `${site.gateway.url}/api/vpn/approvals/${page.split('/').at(-1) ?? ''}`;
  const { body: connection } = await browser.call<VpnApprovalView>(path);
  const { body: start } = await browser.call<{ readonly ceremonyId: string; readonly options: RequestOptions }>(`${path}/options`, {});
  const answer = { ceremonyId: start.ceremonyId, response: authenticator.get(start.options) };
  return { connection, ...(await browser.call<VpnApprovedView>(path, answer)) };
}

describe('a tunnel through OpenVPN', () => {
  it('comes up with a code and is one of the person’s sessions; a suspension brings it down within a second', async () => {
    const ann = await site.enrol('usr_ann');
    const client = openvpn.connect('ann@example.test', await site.code(ann));
    expect(await client.settled(), `${client.program.output()}\n${openvpn.program.output()}`).toBe('up');
    await until('the session is known', 10_000, async () => ((await tunnelsOf('usr_ann')).length === 1 ? true : null));

    const startedMs = performance.now();
    const { receipt } = await site.suspend('usr_ann');
    const tookMs = performance.now() - startedMs;

    expect(receipt.targets.find(({ target }) => target === 'vpn')).toMatchObject({
      count: 1,
      acknowledgedAtMs: expect.any(Number) as number,
    });
    expect(receipt.state).toBe('contained');
    expect(tookMs).toBeLessThan(1_000);
    await client.program.end();
    expect(await tunnelsOf('usr_ann')).toEqual([]);
  });

  it('comes up when the person uses a passkey on the page that the client opens', async () => {
    const ben = await site.enrol('usr_ben');
    const cleo = await site.enrol('usr_cleo');
    const client = openvpn.connect('usr_ben', 'none', 'opens pages');
    const page = await client.page();
    expect(page).toContain(`${site.gateway.url}/vpn/approve/`);
    // Somebody else who got hold of the address, or was sent it.
    expect((await usePage(page, cleo)).status).toBe(403);
    expect(client.program.output()).not.toContain('Initialization Sequence Completed');

    const { body, connection } = await usePage(page, ben);
    expect(connection).toEqual({ realmName: 'Staff VPN', userName: 'usr_ben', ip: '127.0.0.1', isFromHere: true });
    expect(body).toEqual({ outcome: 'approved' });
    expect(await client.settled(), client.program.output()).toBe('up');
    expect((await ben.browser.call(page.replace('/vpn/approve/', '/api/vpn/approvals/'))).status).toBe(404);
    await until('the session is known', 10_000, async () => ((await tunnelsOf('usr_ben')).length === 1 ? true : null));
    await client.program.end();
    await until('the session has ended', 10_000, async () => ((await tunnelsOf('usr_ben')).length === 0 ? true : null));
  });

  it('comes up at two computers of one person that connect at once, and stays up at both', async () => {
    const eva = await site.enrol('usr_eva');
    const clients = [1, 2].map(() => openvpn.connect('usr_eva', 'none', 'opens pages'));
    // Both permits are given before either tunnel is up.
    for (const page of await Promise.all(clients.map((client) => client.page())))
      expect((await usePage(page, eva)).body).toEqual({ outcome: 'approved' });
    for (const client of clients) expect(await client.settled(), client.program.output()).toBe('up');
    await until('both sessions are known', 10_000, async () => ((await tunnelsOf('usr_eva')).length === 2 ? true : null));
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    expect(clients.map((client) => client.program.hasEnded())).toEqual([false, false]);
    for (const client of clients) await client.program.end();
  });

  it('is refused to a suspended person, at the client and on the page, with the reason', async () => {
    const dan = await site.enrol('usr_dan');
    const client = openvpn.connect('usr_dan', 'none', 'opens pages');
    const page = await client.page();
    await site.suspend('usr_dan');
    expect((await usePage(page, dan)).body).toMatchObject({ outcome: 'denied', reasons: [{ code: 'subject.suspended' }] });
    expect(await client.settled()).toBe('ended');
    expect(client.program.output()).toContain('AUTH_FAILED,Your access is suspended, at doors and systems alike.');
  });

  it('is refused without a code, and the person reads where to get one', async () => {
    const client = openvpn.connect('usr_ben', 'my usual password');
    expect(await client.settled()).toBe('ended');
    expect(client.program.output()).toContain(`AUTH_FAILED,Get a code at ${site.gateway.url}/vpn and give it as the password.`);
  });

  it('is refused with a wrong code', async () => {
    const client = openvpn.connect('usr_ben', '1234 5678');
    expect(await client.settled()).toBe('ended');
    expect(client.program.output()).toContain('AUTH_FAILED,The code is wrong, was used or has expired.');
  });
});
