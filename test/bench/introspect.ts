import { report } from '#test/support/bench-report.ts';
import { introspect, signIn } from '#test/support/oidc-bench/flows.ts';
import { compare, CONNECTIONS } from '#test/support/oidc-bench/measure.ts';
import { startBenchServers } from '#test/support/oidc-bench/servers.ts';

/* Questions of an API about a person's token: the gateway decides anew each time and records it, the bare library looks the token up. */
const servers = await startBenchServers();
try {
  const compared = await compare(servers, async (from) => {
    const { access } = await signIn(from);
    return () => introspect(from, access);
  });
  report({ ...compared, connections: CONNECTIONS });
} finally {
  await servers.close();
}
