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

/** Runs the gateway of the working folder until a signal ends it. A refused start is printed and ends the process with 1. */
export async function start(env: Environment): Promise<void> {
  try {
    assertNodeVersion(process.versions.node);
    keepNewFilesPrivate();
    const file = resolve(env['GATEHOUSE_CONFIG'] ?? CONFIG_FILE_DEFAULT);
    const isConfigured = env['GATEHOUSE_CONFIG'] !== undefined || existsSync(file);
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
    console.error(`gatehouse: ${failure.publicMessage}`);
    process.exit(1);
  }
}
