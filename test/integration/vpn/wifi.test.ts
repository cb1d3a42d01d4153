import { randomBytes } from 'node:crypto';
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { personDetailSchema, type Entry } from '#gateway/http/contract/admin.ts';
import { deskOfferedSchema, deskRevokedSchema } from '#gateway/http/contract/desk.ts';
import type { ChildProgram } from '#test/support/child-programs.ts';
import { freeUdpPorts } from '#test/support/peers/freeradius-server.ts';
import { untilLogged } from '#test/support/gateway-log.ts';
import { until } from '#test/support/running-gateway.ts';
import { createSigningDesk, GOOD_POSTURE, type SigningDesk } from '#test/support/desk/signing-desk.ts';
import { layOutVpnSite, REALM, type VpnSite } from '#test/support/vpn-site.ts';
import { ISSUER, startAccessPoint, startWifi, type JoinAnswer, type Wifi } from '#test/support/peers/wifi.ts';

/** eapol_test -> Debian's FreeRADIUS with the shipped files -> the whole gateway; FreeRADIUS as an access point that ends sessions. In order. */
let site: VpnSite;
let wifi: Wifi;
let accessPoint: ChildProgram;
let silent: Socket;
const secret = randomBytes(16).toString('hex');

beforeAll(async () => {
  const [port] = await freeUdpPorts();
  silent = createSocket('udp4').bind(0, '127.0.0.1');
  await once(silent, 'listening');
  site = await layOutVpnSite((folder) => {
    const secretFile = join(folder, 'access-point.secret');
    writeFileSync(secretFile, `${secret}\n`, { mode: 0o600 });
    return {
      certificates: { issuers: [ISSUER], vlans: [{ group: 'engineering', vlan: 20 }, { vlan: 30 }] },
      disconnect: [
        { nas: '127.0.0.1', port, secret_file: secretFile },
        { nas: 'silent-ap', host: '127.0.0.1', port: silent.address().port, secret_file: secretFile },
      ],
    };
  });
  wifi = await startWifi({ folder: site.folder, gatewayUrl: site.gateway.url, realm: REALM, key: site.key });
  accessPoint = await startAccessPoint({ folder: site.folder, port, secret });
});
afterAll(async () => {
  await accessPoint?.end();
  await wifi?.end();
  await site?.remove();
  silent?.close();
});

const USER_NAME = 1;
const REPLY_MESSAGE = 18;
const CLASS = 25;
const VLAN = 81;

async function enrolComputer(personId: string): Promise<SigningDesk> {
  const { code } = await site.gateway.api.post(`/api/people/${personId}/desks`, { label: 'Laptop', reason: 'new' }, deskOfferedSchema);
  const desk = await createSigningDesk(site.gateway.url);
  expect((await desk.enrol(code, null)).status).toBe(201);
  return desk;
}

const account = (status: string, session: string, { attributes }: JoinAnswer, nas: Readonly<Record<string, string>> = {}) =>
  wifi.account({
    'Acct-Status-Type': status,
    'Acct-Session-Id': session,
    'User-Name': attributes.get(USER_NAME) ?? '',
    Class: `0x${attributes.get(CLASS) ?? ''}`,
    'Calling-Station-Id': '02-00-00-00-00-01',
    ...(nas['NAS-Identifier'] === undefined ? { 'NAS-IP-Address': '127.0.0.1' } : nas),
  });
const sessionsOf = async (personId: string) => {
  const { sessions } = await site.gateway.api.get(`/api/people/${personId}`, personDetailSchema);
  return sessions.filter(({ kind }) => kind === 'vpn');
};

describe('a computer at a Wi-Fi', () => {
  it('is let in by certificate while it is well kept, whatever name it gives; a suspension ends its session within a second', async () => {
    const laptop = await enrolComputer('usr_ann');
    await laptop.tellPosture();
    const answer = await wifi.join(laptop.id(), 'somebody-else');
    expect(answer.isIn, answer.output).toBe(true);
    expect([answer.attributes.get(USER_NAME), Buffer.from(answer.attributes.get(VLAN) ?? '', 'hex').toString()]).toEqual([
      'ann@example.test',
      '20',
    ]);
    const { record } = await untilLogged(site.gateway, 'decision', (one) => one.type === 'decision' && one.personId === 'usr_ann');
    expect(record).toMatchObject({
      effect: 'permit',
      permits: ['vpn.granted'],
      input: { context: { credential: { kind: 'certificate' }, device: { id: laptop.id(), compliant: true } } },
    });

    expect((await account('Start', 'up-ann', answer)).packet).toBe('Accounting-Response');
    expect(await sessionsOf('usr_ann')).toHaveLength(1);
    // The next access point is told of the same permit, and the certificate is not shown again.
    await account('Start', 'up-ann-roamed', answer);
    expect(await sessionsOf('usr_ann')).toHaveLength(2);

    const startedMs = performance.now();
    const { receipt } = await site.suspend('usr_ann');
    const tookMs = performance.now() - startedMs;
    expect(receipt.targets.find(({ target }) => target === 'vpn')).toMatchObject({ method: 'disconnect', count: 2 });
    expect(receipt.state).toBe('contained');
    expect(tookMs).toBeLessThan(1_000);
    expect(await sessionsOf('usr_ann')).toEqual([]);

    const again = await wifi.join(laptop.id());
    expect(again.isIn).toBe(false);
    expect(again.attributes.get(REPLY_MESSAGE)).toMatch(/^Your access is suspended, at doors and systems alike\..*\[dec_[a-z2-7]+\]$/);
  });

  it('is refused while it is badly kept or silent, and its session ends at the next sign of life', async () => {
    const laptop = await enrolComputer('usr_ben');
    expect((await wifi.join(laptop.id())).attributes.get(REPLY_MESSAGE)).toMatch(/^Your device is not known\./);
    await laptop.tellPosture({ ...GOOD_POSTURE, disk_encryption: 'off' });
    const refused = await wifi.join(laptop.id());
    expect([refused.isIn, refused.attributes.get(REPLY_MESSAGE)]).toEqual([
      false,
      expect.stringMatching(/^Your device does not meet the rules\./),
    ]);

    await laptop.tellPosture();
    const answer = await wifi.join(laptop.id());
    expect(answer.isIn, answer.output).toBe(true);
    await account('Start', 'up-ben', answer);
    await laptop.tellPosture({ ...GOOD_POSTURE, firewall: 'off' });
    expect(await sessionsOf('usr_ben')).toHaveLength(1);
    await account('Interim-Update', 'up-ben', answer);
    await until('the session has ended', 5_000, async () => ((await sessionsOf('usr_ben')).length === 0 ? true : null));
    const isEnd = (one: Entry['record']): boolean => one.type === 'session' && one.event === 'ended' && one.personId === 'usr_ben';
    expect((await untilLogged(site.gateway, 'session', isEnd)).record).toMatchObject({ cause: 'device.not_compliant' });
  });

  it('is refused once it is taken out of use, and so is a certificate of nobody', async () => {
    const laptop = await enrolComputer('usr_ben');
    await laptop.tellPosture();
    await account('Start', 'up-lost', await wifi.join(laptop.id()));
    expect(await sessionsOf('usr_ben')).toHaveLength(1);
    const { closed } = await site.gateway.api.post(`/api/desks/${laptop.id()}/revoke`, { reason: 'lost' }, deskRevokedSchema);
    expect(closed).toMatchObject({ sessions: 1, residual: [] });
    expect(await sessionsOf('usr_ben')).toEqual([]);
    const revoked = await wifi.join(laptop.id());
    expect([revoked.isIn, revoked.attributes.get(REPLY_MESSAGE)]).toEqual([false, expect.stringMatching(/^This credential is blocked\./)]);
    expect((await wifi.join('dsk_nobody')).isIn).toBe(false);
    const { record } = await untilLogged(site.gateway, 'decision', (one) => one.type === 'decision' && one.personId === null);
    expect(record).toMatchObject({ effect: 'deny', reasons: expect.arrayContaining(['subject.unknown']) as string[] });
  });

  it('whose access point does not answer leaves the suspension unhindered, says so, and raises an alarm', async () => {
    const laptop = await enrolComputer('usr_dan');
    await laptop.tellPosture();
    const answer = await wifi.join(laptop.id());
    await account('Start', 'up-dan', answer, { 'NAS-Identifier': 'silent-ap' });
    expect(await sessionsOf('usr_dan')).toHaveLength(1);
    const { receipt } = await site.suspend('usr_dan');
    expect(receipt.state).toBe('residual');
    expect(receipt.targets.find(({ target }) => target === 'vpn')).toMatchObject({ acknowledgedAtMs: null });
    const { record } = await untilLogged(site.gateway, 'alarm', (one) => one.type === 'alarm' && one.code === 'vpn.nas_silent');
    expect(record).toMatchObject({ sourceId: `${REALM}/silent-ap`, active: true });
    // As far as anybody knows it is still up.
    expect(await sessionsOf('usr_dan')).toHaveLength(1);
  });

  it('is refused without the gateway, and the access point is told so', async () => {
    await site.gateway.stop();
    const answer = await wifi.join('dsk_any');
    expect([answer.isIn, answer.attributes.get(REPLY_MESSAGE)]).toEqual([
      false,
      expect.stringMatching(/^Your access could not be checked/),
    ]);
  });
});
