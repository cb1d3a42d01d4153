import { join } from 'node:path';
import { GatewayError } from '../domain/errors.ts';

/** sockaddr_un.sun_path holds 104 bytes on macOS and 108 on Linux, with the closing zero. */
export const SOCKET_PATH_BYTES_MAX = 103;

/** Where the gateway listens for the owner of the host. @throws config.invalid the data folder's path is too long for a socket. */
export function controlSocketPath(dataDir: string): string {
  const path = join(dataDir, 'control.sock');
  if (Buffer.byteLength(path) <= SOCKET_PATH_BYTES_MAX) return path;
  throw new GatewayError('config.invalid', `data_dir: ${path} is longer than the ${SOCKET_PATH_BYTES_MAX} bytes that a socket may have`);
}
