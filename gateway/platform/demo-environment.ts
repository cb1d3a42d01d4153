import { GatewayError } from '../domain/errors.ts';
import { ENVIRONMENT_PREFIX, environmentName, isForeignName, type Environment } from './config/environment-overrides.ts';

/** What the demo site can be told; everything else about it is fixed. */
const SUPPORTED = new Set([['listen', 'port'], ['data_dir'], ['log', 'level']].map(environmentName));

const PORT_DEFAULT = 8_080;
const PORT_MAX = 65_535;

/**
 * Where the demo is reached; an empty variable is none, as in a configuration.
 * @throws config.invalid it is no port. Refused here, where it has the name that it was given by: the demo's address follows from it.
 */
export function demoPort(env: Environment): number {
  const name = environmentName(['listen', 'port']);
  const given = env[name];
  if (given === undefined || given === '') return PORT_DEFAULT;
  const port = /^\d{1,5}$/.test(given) ? Number(given) : 0;
  if (port >= 1 && port <= PORT_MAX) return port;
  throw new GatewayError('config.invalid', `${name}: is not a port of 1 to ${PORT_MAX}, such as ${PORT_DEFAULT}`);
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
