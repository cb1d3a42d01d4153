import { resolve } from 'node:path';
import { composeDemo, type Demo } from './compose-demo.ts';
import { DEMO_APP_IDS, type DemoAppId } from './demo/demo-installation.ts';
import { createRelyingParty } from './demo/relying-party.ts';
import { findFreePort, listenHttp, type Listener } from './listen.ts';
import type { Environment } from './platform/config/environment-overrides.ts';
import { assertDemoEnvironment, demoPort } from './platform/demo-environment.ts';
import { claimDataDir, DEMO_DATA_DIR_DEFAULT } from './platform/site-kind.ts';
import { runGateway, type Running } from './run-gateway.ts';
import type { PersonId } from './domain/site/ids.ts';

export interface RunDemoOptions {
  readonly env: Environment;
  readonly say: (line: string) => void;
  readonly onFatal: () => void;
}

/** The first administrator of the demo site. */
const FIRST_ADMIN = 'usr_ada' as PersonId;

/** Runs the demo site: what a gateway without a configuration does. @throws config.invalid settings or a folder of another site */
export async function runDemo({ env, say, onFatal }: RunDemoOptions): Promise<Pick<Running, 'stop'>> {
  assertDemoEnvironment(env);
  // An empty variable is none: it must not make the working folder the data folder.
  const dataDir = resolve(env['GATEHOUSE_DATA_DIR'] || DEMO_DATA_DIR_DEFAULT);
  claimDataDir(dataDir, 'demo');
  const gatewayPort = demoPort(env);
  const ports: [DemoAppId, number][] = [];
  for (const [index, id] of DEMO_APP_IDS.entries()) ports.push([id, await findFreePort(gatewayPort + 1 + index)]);
  const demo = await composeDemo({ env, gatewayPort, appPorts: Object.fromEntries(ports) as Record<DemoAppId, number>, dataDir });
  // The apps first: a gateway that starts tells them of the sessions that it ends.
  const closeApps = await startApps(demo);
  const running = await runGateway({ config: demo.config, demo: demo.options, say, onFatal });
  say(`  demo site      ${demo.config.publicUrl}/demo`);
  for (const app of demo.apps) say(`  ${app.name.padEnd(14)} ${app.origin}`);
  if (!(await running.gateway.records.credentials.anyPasskey())) {
    const { url, expiresAtMs } = await running.gateway.enrolment.offer({ personId: FIRST_ADMIN, operatorId: 'local' as PersonId });
    say(`\n  Enrol the first administrator's passkey (once, until ${new Date(expiresAtMs).toLocaleTimeString()}):\n  ${url}`);
  }
  return {
    stop: async () => {
      await closeApps();
      await running.stop();
      await demo.close();
    },
  };
}

/** The apps are ordinary OIDC clients, each on an origin of its own. */
async function startApps({ apps, config }: Demo): Promise<() => Promise<void>> {
  const started: { readonly listener: Listener; readonly close: () => void }[] = [];
  for (const { id, name, description, origin, clientSecret } of apps) {
    const app = createRelyingParty({ name, description, issuer: `${config.publicUrl}/oidc`, clientId: id, clientSecret, baseUrl: origin });
    const listener = await listenHttp(app.handle, { host: '127.0.0.1', port: Number(new URL(origin).port) });
    started.push({ listener, close: () => app.close() });
  }
  return async () => {
    for (const { close } of started) close();
    await Promise.all(started.map(({ listener }) => listener.close()));
  };
}
