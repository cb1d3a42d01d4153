import { amount, report } from '#test/support/bench/bench-report.ts';
import { signIn } from '#test/support/bench/oidc/flows.ts';
import { compare, CONNECTIONS, type MakeStep } from '#test/support/bench/oidc/measure.ts';
import { startBenchServers } from '#test/support/bench/oidc/servers.ts';

/*
 * Whole sign-ins of people at an app: authorization request, the provider's own interaction, decision and durable record, code, tokens.
 * Only the passkey is left out, at both. Beside it oidc-provider alone, in memory, with the same client and algorithms.
 */
/** Short enough that a quick machine stays below what strangers may begin in a minute: STRANGER_LIMITS. */
const SLICE_MS = amount(1_000);

const servers = await startBenchServers();
try {
  const signingIn: MakeStep = async (from) => async () => void (await signIn(from));
  const compared = await compare(servers, signingIn, CONNECTIONS, SLICE_MS);
  report({ ...compared, connections: CONNECTIONS });
} finally {
  await servers.close();
}
