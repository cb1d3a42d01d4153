import { createHash, randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createCliTools } from '#gateway/compose-tools.ts';
import { suspendResultSchema, type SuspendResult } from '#gateway/http/contract/admin.ts';
import type { VpnCodeView } from '#gateway/http/contract/vpn.ts';
import type { ConfigFileInput } from '#gateway/platform/config/file-schema.ts';
import { loadConfig } from '#gateway/platform/config/load-config.ts';
import { parsePeopleFile, type PeopleFileInput } from '#gateway/platform/people-file.ts';
import { writeConfig } from './configured-site.ts';
import { freePort, startGateway, type RunningGateway } from './running-gateway.ts';
import { enrolAt } from './oidc/running-sign-in.ts';
import type { Enrolled } from './oidc/sign-in.ts';
import type { RequestOptions } from './oidc/software-authenticator.ts';

export const REALM = 'staff';
type RealmInput = NonNullable<ConfigFileInput['vpn_realms']>[number];

/** Ann, Ben, Dan and Eva may connect; Cleo may not. */
const PEOPLE: PeopleFileInput = {
  people: [
    { id: 'usr_ann', name: 'Ann Example', email: 'ann@example.test', groups: ['engineering'] },
    { id: 'usr_ben', name: 'Ben Example' },
    { id: 'usr_dan', name: 'Dan Example' },
    { id: 'usr_eva', name: 'Eva Example' },
    { id: 'usr_cleo', name: 'Cleo Example', email: 'cleo@example.test' },
  ],
  profiles: [{ id: 'remote', name: 'Remote', resources: [`vpn_realm:${REALM}`] }],
  grants: [
    { id: 'grt_ann', profile: 'remote', holder: 'person:usr_ann', reason: 'Works from home' },
    { id: 'grt_ben', profile: 'remote', holder: 'person:usr_ben', reason: 'Works from home' },
    { id: 'grt_dan', profile: 'remote', holder: 'person:usr_dan', reason: 'Works from home' },
    { id: 'grt_eva', profile: 'remote', holder: 'person:usr_eva', reason: 'Works from home' },
  ],
};

export interface VpnSite {
  readonly gateway: RunningGateway;
  /** Of the realm's RADIUS server. */
  readonly key: string;
  /** Sockets of VPN servers that the configuration names. */
  readonly folder: string;
  enrol(personId: string): Promise<Enrolled>;
  /** What the page answers after a passkey. */
  requestCode(person: Enrolled, realm?: string): Promise<VpnCodeView>;
  /** @throws Error when there is none */
  code(person: Enrolled): Promise<string>;
  suspend(personId: string): Promise<SuspendResult>;
  remove(): Promise<void>;
}

/** The whole gateway with one VPN realm, as a process, with the shipped policy. `realm` gets the folder for its sockets. */
export async function layOutVpnSite(realm: (folder: string) => Partial<RealmInput> = () => ({})): Promise<VpnSite> {
  const folder = mkdtempSync(join(tmpdir(), 'gatehouse-vpn-'));
  const port = await freePort();
  const key = randomBytes(32).toString('hex');
  const process = { dataDir: folder, port, configFile: join(folder, 'gatehouse.yaml') };
  writeConfig(process.configFile, {
    public_url: `http://localhost:${String(port)}`,
    listen: { host: '127.0.0.1', port },
    sites: [{ id: 'hq', name: 'Headquarters', time_zone: 'Europe/Berlin' }],
    vpn_realms: [
      { id: REALM, name: 'Staff VPN', site: 'hq', key_sha256: createHash('sha256').update(key).digest('hex'), ...realm(folder) },
      { id: 'labs', name: 'Labs VPN' },
    ],
  });
  const imported = await createCliTools().importPeople(
    loadConfig({ file: process.configFile, env: { GATEHOUSE_DATA_DIR: folder } }),
    parsePeopleFile(PEOPLE),
  );
  if (!imported.ok) throw new Error(JSON.stringify(imported.problems));
  const gateway = await startGateway(process);

  const requestCode: VpnSite['requestCode'] = async ({ authenticator, browser }, realmId = REALM) => {
    const path = `${gateway.url}/api/vpn/realms/${realmId}`;
    const { body: start } = await browser.call<{ readonly ceremonyId: string; readonly options: RequestOptions }>(`${path}/options`, {});
    const answer = { ceremonyId: start.ceremonyId, response: authenticator.get(start.options) };
    return (await browser.call<VpnCodeView>(`${path}/code`, answer)).body;
  };

  return {
    gateway,
    key,
    folder,
    enrol: (personId) => enrolAt(gateway, personId),
    requestCode,
    code: async (person) => {
      const view = await requestCode(person);
      if (view.outcome !== 'code') throw new Error(`no code: ${JSON.stringify(view)}`);
      return view.code;
    },
    suspend: (personId) => gateway.api.post(`/api/people/${personId}/suspend`, { reason: 'left with the laptop' }, suspendResultSchema),
    remove: async () => {
      await gateway.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
