import type { IncomingMessage, ServerResponse } from 'node:http';
import { registerHooks } from 'node:module';
import type { PersonId } from '#gateway/domain/site/ids.ts';
import { createClientAddresses } from '#gateway/http/middleware/client-ip.ts';
import { listenHttp } from '#gateway/listen.ts';
import { PASSKEY_ACR } from '#gateway/oidc/decisions/acr.ts';
import { loadConfig } from '#gateway/platform/config/load-config.ts';
import { createLogger } from '#gateway/platform/logger.ts';
import { BENCH_LOGIN_PATH } from './bench-client.ts';

/*
 * The whole gateway of a configuration file as a process of its own, with one more door: a sign-in whose passkey was "seen" already. With
 * `undecided` it is the same but for its decisions and their records; with `anew` it relies on no decision but the one of the moment.
 */
const STAND_INS: Readonly<Record<string, string>> = { undecided: './undecided-provider.ts', anew: './asking-anew-provider.ts' };
const standIn = STAND_INS[process.argv[3] ?? ''];
let isReplaced = false;
if (standIn !== undefined) {
  registerHooks({
    resolve: (specifier, context, next) => {
      const isOfGateway = context.parentURL !== undefined && /\/gateway\/compose[\w-]*\.ts$/.test(context.parentURL);
      if (specifier !== './oidc/identity-provider.ts' || !isOfGateway) return next(specifier, context);
      isReplaced = true;
      return { url: new URL(standIn, import.meta.url).href, shortCircuit: true };
    },
  });
}
const { composeGateway } = await import('#gateway/compose.ts');
if (standIn !== undefined && !isReplaced)
  throw new Error('nothing of the gateway imports its identity provider: it would be like any other');

const config = loadConfig({ file: process.argv[2] ?? '', env: {} });
const gateway = await composeGateway({
  config,
  log: createLogger({ level: 'warn' }),
  demo: null,
  onFatal: () => process.exit(1),
});

async function signIn(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const [uid = '', personId = ''] = (request.url ?? '').slice(BENCH_LOGIN_PATH.length).split('/');
  const authentication = { amr: ['hwk', 'user'], acr: PASSKEY_ACR, userVerified: true, authenticatedAtMs: Date.now() };
  // Branded here: the benchmark has written these people.
  const location = await gateway.interactions.finishPasskey({ request, response, uid }, { personId: personId as PersonId, authentication });
  response.writeHead(303, { location }).end();
}

const web = await listenHttp(
  (request, response) => {
    if (request.url?.startsWith(BENCH_LOGIN_PATH) !== true) gateway.http.handle(request, response);
    else signIn(request, response).catch((failure: unknown) => response.writeHead(500).end(String(failure)));
  },
  config.listen,
  createClientAddresses(config.trustedProxies),
);

process.once('SIGTERM', () => {
  void web
    .close()
    .then(() => gateway.close())
    .then(() => process.exit(0));
});
// A benchmark that was ended takes it along.
process.once('disconnect', () => process.exit(0));
process.send?.('ready');
