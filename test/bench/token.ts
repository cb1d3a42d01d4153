import { report } from '#test/support/bench/bench-report.ts';
import { askAsMachine, refresh, signIn, type Tokens } from '#test/support/bench/oidc/flows.ts';
import { compare, CONNECTIONS, openLoop, type MakeStep } from '#test/support/bench/oidc/measure.ts';
import { startBenchServers } from '#test/support/bench/oidc/servers.ts';

/*
 * The token endpoint: refreshes of people, each decided and rotated, and tokens of a machine, each recorded. With a few connections the
 * gateway waits for its disk a quarter of the time; many keep it busy. Then refreshes that come at a fixed rate, whatever the answers take.
 */
const MANY_CONNECTIONS = 64;
const RATE_PER_S = 200;

/** People of one connection, in turns: the gateway limits what is decided for one person in a minute. */
const PEOPLE_PER_CONNECTION = 8;

const refreshing: MakeStep = async (from) => {
  const people: Tokens[] = [];
  for (let index = 0; index < PEOPLE_PER_CONNECTION; index += 1) people.push(await signIn(from));
  return async () => {
    const tokens = people.shift();
    if (tokens !== undefined) people.push(await refresh(from, tokens.refresh));
  };
};
const asMachine: MakeStep = async (from) => () => askAsMachine(from);

const servers = await startBenchServers();
try {
  const refreshes = await compare(servers, refreshing);
  const many = await compare(servers, refreshing, MANY_CONNECTIONS);
  const machines = await compare(servers, asMachine);
  const fixedRate = await openLoop(servers.gateway, RATE_PER_S, refreshing);
  report({ ...refreshes, refresh_of_64: many, client_credentials: machines, open_loop: fixedRate, connections: CONNECTIONS });
} finally {
  await servers.close();
}
