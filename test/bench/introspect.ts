import { report } from '#test/support/bench/bench-report.ts';
import { introspect, signIn, type AppConnection } from '#test/support/bench/oidc/flows.ts';
import { compare, CONNECTIONS } from '#test/support/bench/oidc/measure.ts';
import { startBenchServers } from '#test/support/bench/oidc/servers.ts';

/*
 * Questions of APIs about people's tokens: the gateway decides and records, and relies on a permit while nothing that it rests on has
 * changed, for 30 s at most; the bare library looks the token up. `anew` is the gateway where each question is decided and recorded.
 */
const makeStep = async (from: AppConnection) => {
  const { access } = await signIn(from);
  return () => introspect(from, access);
};

const { anew, ...servers } = await startBenchServers({ anew: true });
if (anew === null) throw new Error('the gateway that asks anew was asked for');
try {
  const compared = await compare({ ...servers, anew }, makeStep);
  const { decided_cpu_ratio, decided_ratio, cpu_ms, p50_ms, p99_ms, per_s } = await compare({ ...servers, anew, gateway: anew }, makeStep);
  report({ ...compared, connections: CONNECTIONS, anew: { per_s, p50_ms, p99_ms, cpu_ms, decided_ratio, decided_cpu_ratio } });
} finally {
  await servers.close();
}
