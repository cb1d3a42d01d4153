import { report } from '#test/support/bench-report.ts';
import { askAsMachine, refresh, signIn } from '#test/support/oidc-bench/flows.ts';
import { compare, CONNECTIONS, openLoop, type MakeStep } from '#test/support/oidc-bench/measure.ts';
import { startBenchServers } from '#test/support/oidc-bench/servers.ts';

/*
 * The token endpoint: refreshes of people, each decided and rotated, and tokens of a machine, each recorded. Then refreshes that come at
 * a fixed rate, whatever the answers take.
 */
const RATE_PER_S = 200;

const refreshing: MakeStep = async (connection) => {
  let tokens = await signIn(connection);
  return async () => {
    tokens = await refresh(connection, tokens.refresh);
  };
};
const asMachine: MakeStep = async (connection) => () => askAsMachine(connection);

const servers = await startBenchServers();
try {
  const refreshes = await compare(servers, refreshing);
  const machines = await compare(servers, asMachine);
  const fixedRate = {
    gateway: await openLoop(servers.gateway, RATE_PER_S, refreshing),
    bare: await openLoop(servers.bare, RATE_PER_S, refreshing),
  };
  report({ ...refreshes, client_credentials: machines, open_loop: fixedRate, connections: CONNECTIONS });
} finally {
  await servers.close();
}
