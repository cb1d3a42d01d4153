import { composeGateway, type Gateway } from './compose.ts';
import type { ComposeOptions } from './compose-options.ts';
import { createClientAddresses } from './http/middleware/client-ip.ts';
import { assertNotRunning, listenControl, listenHttp } from './listen.ts';
import type { Config } from './platform/config/config.ts';
import { controlSocketPath } from './platform/control-socket.ts';
import { createLogger } from './platform/logger.ts';
import { claimDataDir } from './platform/site-kind.ts';

export interface RunOptions {
  readonly config: Config;
  readonly demo: ComposeOptions['demo'];
  /** Prints a line for the person who started it. */
  readonly say: (line: string) => void;
  readonly onFatal: ComposeOptions['onFatal'];
}

export interface Running {
  readonly gateway: Gateway;
  stop(): Promise<void>;
}

/** Data folder -> gateway -> listeners. @throws config.invalid, store.unavailable, audit.unavailable, policy.artifact_mismatch */
export async function runGateway({ config, demo, say, onFatal }: RunOptions): Promise<Running> {
  claimDataDir(config.dataDir, demo === null ? 'configured' : 'demo');
  const socket = controlSocketPath(config.dataDir);
  await assertNotRunning(socket);
  const log = createLogger({ level: config.log.level });
  const gateway = await composeGateway({ config, log, demo, onFatal });
  const control = await listenControl(gateway.http.handleControl, socket);
  const web = await listenHttp(gateway.http.handle, config.listen, createClientAddresses(config.trustedProxies));
  log.info('gateway.listening', { host: config.listen.host, port: web.port });
  // Slow apps are not waited for: whoever started this may want to stop it again.
  const caughtUp = gateway.catchUp().catch((failure: unknown) => {
    log.error('gateway.catch_up_failed', {}, failure);
    // What should be closed may be open: better a new start than that.
    onFatal();
  });
  say(`Gatehouse is at ${config.publicUrl}`);
  return {
    gateway,
    stop: async () => {
      gateway.http.close();
      await Promise.all([web.close(), control.close(), caughtUp]);
      await gateway.close();
      log.info('gateway.stopped');
    },
  };
}
