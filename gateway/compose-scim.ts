import { createHash, timingSafeEqual } from 'node:crypto';
import { createDirectoryGroups } from './app/directory/groups.ts';
import type { DirectoryClient, DirectoryDeps } from './app/directory/types.ts';
import { createDirectoryUsers } from './app/directory/users.ts';
import type { ClientAddresses } from './http/middleware/client-ip.ts';
import type { Config } from './platform/config/config.ts';
import type { Logger } from './platform/logger.ts';
import { createScimFace, type ScimFace } from './scim/scim-face.ts';

interface Parts {
  readonly config: Pick<Config, 'publicUrl' | 'scim'>;
  readonly directory: DirectoryDeps;
  readonly addresses: ClientAddresses;
  readonly log: Logger;
}

/** Null when no directory is configured: the addresses then do not exist. */
export function composeScim(parts: Parts): ScimFace | null {
  const { addresses, config, directory, log } = parts;
  if (config.scim.clients.length === 0) return null;
  return createScimFace({
    publicUrl: config.publicUrl,
    users: createDirectoryUsers(directory),
    groups: createDirectoryGroups(directory),
    findClient: createFindDirectory(config.scim.clients),
    clientIp: (request) => addresses.clientIp(request),
    clock: directory.clock,
    log,
  });
}

/** Keys are random, so that a plain hash is enough. */
function createFindDirectory(clients: Config['scim']['clients']): (key: string) => DirectoryClient | null {
  const byHash = new Map(clients.map((client) => [client.keySha256, client]));
  return (key) => {
    const hash = createHash('sha256').update(key).digest();
    const found = byHash.get(hash.toString('hex'));
    if (found === undefined) return null;
    return timingSafeEqual(Buffer.from(found.keySha256, 'hex'), hash) ? { id: found.id } : null;
  };
}
