import { report } from '#test/support/bench/bench-report.ts';
import { signIn } from '#test/support/bench/oidc/flows.ts';
import { compare, CONNECTIONS } from '#test/support/bench/oidc/measure.ts';
import { startBenchServers } from '#test/support/bench/oidc/servers.ts';

/*
 * Whole sign-ins of people at an app: authorization request, the provider's own interaction, decision and durable record, code, tokens.
 * Only the passkey is left out, at both. Beside it oidc-provider alone, in memory, with the same client and algorithms.
 */
const servers = await startBenchServers();
try {
  const compared = await compare(servers, async (from) => async () => {
    await signIn(from);
  });
  report({ ...compared, connections: CONNECTIONS });
} finally {
  await servers.close();
}
