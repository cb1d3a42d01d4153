import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { GatewayError } from './domain/errors.ts';
import type { Environment } from './platform/config/environment-overrides.ts';
import { CONFIG_FILE_DEFAULT, loadConfig } from './platform/config/load-config.ts';
import { createLogger } from './platform/logger.ts';
import { assertNodeVersion, keepNewFilesPrivate } from './platform/preconditions.ts';
import { onShutdownSignal } from './platform/shutdown.ts';
import { runDemo } from './run-demo.ts';
import { runGateway } from './run-gateway.ts';

/** A stop that takes longer is ended; the log has synced every acknowledged entry anyway. */
const STOP_TIMEOUT_MS = 10_000;

const say = (line: string): void => console.log(line);
/** At once and with what is in flight: the log holds everything that was acknowledged, and every second is one without doors. */
const onFatal = (): void => process.exit(1);

/** Passed over in silence, `npm start -- --config FILE` would run another site than the one that was asked for. */
export function refuseArguments([argument]: readonly string[]): void {
  if (argument === undefined) return;
  console.error(
    `gatehouse: takes no ${argument} here: name the file with GATEHOUSE_CONFIG, or use \`npm run -s gatehouse -- --config FILE start\``,
  );
  process.exit(2);
}

/** Runs the gateway of the working folder until a signal ends it. A refused start is printed and ends the process with 1. */
export async function start(env: Environment): Promise<void> {
  try {
    assertNodeVersion(process.versions.node);
    keepNewFilesPrivate();
    // An empty variable is none, as for every other setting.
    const named = env['GATEHOUSE_CONFIG'] || null;
    const file = resolve(named ?? CONFIG_FILE_DEFAULT);
    const isConfigured = named !== null || existsSync(file);
    const starting = isConfigured
      ? runGateway({ config: loadConfig({ file, env }), demo: null, say, onFatal })
      : runDemo({ env, say, onFatal });
    // From the first moment: whoever sees it answer may stop it, though it has not said everything yet.
    onShutdownSignal(process, {
      stop: async () => (await starting).stop(),
      timeoutMs: STOP_TIMEOUT_MS,
      onFailure: (failure) => createLogger({ level: 'error' }).error('shutdown.failed', {}, failure),
      nowMs: () => Date.now(),
      exit: (code) => process.exit(code),
    });
    await starting;
  } catch (failure) {
    if (!(failure instanceof GatewayError)) throw failure;
    console.error(`gatehouse: ${failure.publicMessage}${toCause(failure)}`);
    process.exit(1);
  }
}

/** What is refused in a configuration names itself; of a store or a log only what lies below says why, such as a full disk. */
function toCause({ code, cause }: GatewayError): string {
  return code.startsWith('config.') || !(cause instanceof Error) ? '' : ` (${cause.message})`;
}
