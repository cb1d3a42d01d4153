import { createSystemRandom } from '#adapters/crypto/system-random.ts';
import { createMemoryAuditLog } from '#adapters/memory/audit-log.ts';
import { createMemoryStores } from '#adapters/memory/create-memory-stores.ts';
import { createSystemClock } from '#adapters/time/system-clock.ts';
import { createDirectoryGroups } from '#gateway/app/directory/groups.ts';
import { createTurns } from '#gateway/app/directory/turns.ts';
import type { DirectoryDeps } from '#gateway/app/directory/types.ts';
import { createDirectoryUsers } from '#gateway/app/directory/users.ts';
import { closePerson } from '#gateway/app/revocation/suspend.ts';
import type { PersonId } from '#gateway/domain/site/ids.ts';
import { createLogger } from '#gateway/platform/logger.ts';
import { USER_SCHEMA } from '#gateway/scim/schemas.ts';
import { createScimFace } from '#gateway/scim/scim-face.ts';
import { closeServer, listenLater } from './listen-later.ts';

export const SCIM_KEY = 'k'.repeat(64);

/** As Entra creates a user. */
export const entraUser = (name: string, change: object = {}) => ({
  schemas: [USER_SCHEMA, 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User'],
  externalId: `object-${name}`,
  userName: `${name}@corp.test`,
  active: true,
  displayName: `${name} Example`,
  emails: [{ primary: true, type: 'work', value: `${name}@corp.test` }],
  meta: { resourceType: 'User' },
  name: { formatted: `${name} Example`, familyName: 'Example', givenName: name },
  roles: [{ value: 'security_admin' }],
  'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User': { department: 'Sales', employeeNumber: '7' },
  ...change,
});

/** What tests read of an answer. */
export interface ScimBody {
  readonly id: PersonId;
  readonly userName: string;
  readonly active: boolean;
  readonly scimType: string;
  readonly detail: string;
  readonly members: readonly { readonly value: string }[];
  readonly Resources: readonly ScimBody[];
  readonly Operations: readonly { readonly status: string; readonly location: string; readonly bulkId: string }[];
}

export interface ScimAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: ScimBody;
}

/** The SCIM face on memory adapters and a real port. Nothing is open at doors and apps; what was closed and asked again is listed. */
export async function startScimSite(options: { readonly requestsMax?: number } = {}) {
  const clock = createSystemClock();
  const random = createSystemRandom();
  const stores = createMemoryStores();
  const audit = createMemoryAuditLog({ clock });
  const listener = await listenLater();
  const askedAgain: string[] = [];
  const logLines: string[] = [];
  const ended = { sessions: 1, tokens: 0, logoutTokensSent: 0, logoutTokensAcknowledged: 0 };
  const revoking = {
    ...stores,
    audit,
    clock,
    liveSessions: {
      ofPerson: async () => [],
      signInOf: async () => null,
      endAllOf: async () => ended,
      endOne: async () => null,
      signInsOf: async () => [],
      endGrant: async () => null,
      endAppOf: async () => ended,
    },
    doorNode: { applyEpoch: async (epoch: number) => ({ epoch, doors: 3 }) } as never,
  };
  const deps: DirectoryDeps = {
    people: stores.people,
    directory: stores.directory,
    takeTurn: createTurns(),
    close: (closing) => closePerson(revoking, closing),
    endLapsedSessions: async (personId) => {
      askedAgain.push(personId);
      return 0;
    },
    audit,
    clock,
    random,
  };
  const face = createScimFace({
    publicUrl: listener.origin,
    users: createDirectoryUsers(deps),
    groups: createDirectoryGroups(deps),
    findClient: (key) => (key === SCIM_KEY ? { id: 'hr' } : null),
    clientIp: () => '127.0.0.1',
    clock,
    log: createLogger({ level: 'warn', write: (line) => logLines.push(line) }),
    ...options,
  });
  listener.serve(face.handle);
  const { takeTurn } = deps;
  return { ...callers(listener.origin), ...stores, audit, takeTurn, askedAgain, logLines, close: async () => closeServer(listener.server) };
}

export type ScimSite = Awaited<ReturnType<typeof startScimSite>>;

export function callers(origin: string, key = SCIM_KEY) {
  const base = `${origin}/scim/v2`;
  const call = async (
    method: string,
    path: string,
    body?: unknown,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<ScimAnswer> => {
    const response = await fetch(`${base}${path}`, {
      method,
      headers: { authorization: `Bearer ${key}`, ...(body === undefined ? {} : { 'content-type': 'application/scim+json' }), ...headers },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const text = await response.text();
    return { status: response.status, headers: response.headers, body: (text === '' ? null : JSON.parse(text)) as ScimBody };
  };
  const patch = (path: string, ...operations: readonly unknown[]) =>
    call('PATCH', path, { schemas: ['urn:ietf:params:scim:api:messages:2.0:PatchOp'], Operations: operations });
  return { base, call, patch };
}
