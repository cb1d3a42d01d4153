import { GatewayError } from '../domain/errors.ts';
import { ENVIRONMENT_PREFIX, environmentName, isForeignName, type Environment } from './config/environment-overrides.ts';

/** What the demo site can be told; everything else about it is fixed. */
const SUPPORTED = new Set([['listen', 'port'], ['data_dir'], ['log', 'level']].map(environmentName));

const PORT_DEFAULT = 8_080;

/** Where the demo is reached; an empty variable is none, as in a configuration. NaN is refused with the configuration that has it. */
export function demoPort(env: Environment): number {
  const given = env[environmentName(['listen', 'port'])];
  return given === undefined || given === '' ? PORT_DEFAULT : Number(given);
}

/**
 * Whoever sets an address or a proxy means a site of their own: without its configuration they would get the demo's open doors there.
 * @throws config.invalid naming the variables.
 */
export function assertDemoEnvironment(env: Environment): void {
  const refused = Object.entries(env).flatMap(([name, value]) =>
    name.startsWith(ENVIRONMENT_PREFIX) && value !== undefined && value !== '' && !SUPPORTED.has(name) && !isForeignName(name)
      ? [name]
      : [],
  );
  if (refused.length === 0) return;
  throw new GatewayError(
    'config.invalid',
    `there is no configuration, and the demo site does not take ${refused.join(', ')}: unset it, or name a configuration with GATEHOUSE_CONFIG ` +
      `(\`gatehouse init\` writes one). The demo takes ${[...SUPPORTED].join(', ')} only.`,
  );
}
