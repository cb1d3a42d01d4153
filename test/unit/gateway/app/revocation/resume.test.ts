import { expect, it } from 'vitest';
import { createMemoryAuditLog } from '#adapters/memory/audit-log.ts';
import { createMemoryStores } from '#adapters/memory/create-memory-stores.ts';
import { resumeRevocations } from '#gateway/app/revocation/resume.ts';
import type { Standing } from '#gateway/domain/people/person.ts';
import { GatewayError } from '#gateway/domain/errors.ts';
import type { SessionId } from '#gateway/domain/site/ids.ts';
import type { SessionsEnded } from '#gateway/ports/live-sessions.ts';
import { personId, somePerson } from '#test/support/people.ts';
import { noReaderOperations } from '#test/support/readers/no-reader-operations.ts';
import { noReaderWatch } from '#test/support/readers/no-reader-watch.ts';
import { noFacePoint } from '#test/support/face/no-face-point.ts';
import { noPolicyPoint } from '#test/support/policy/no-policy-point.ts';

const NOTHING: SessionsEnded = { sessions: 0, tokens: 0, logoutTokensSent: 0, logoutTokensAcknowledged: 0 };
const NOW_MS = 5_000;

/** People by standing, and what is left of each at the apps. */
async function createRig(people: Readonly<Record<string, Standing>>, left: Readonly<Record<string, SessionsEnded>> = {}) {
  const clock = { nowMs: () => NOW_MS, monotonicUs: () => 0 };
  const stores = createMemoryStores();
  const audit = createMemoryAuditLog({ clock });
  const ended: string[] = [];
  for (const [name, standing] of Object.entries(people)) {
    await stores.people.save(somePerson(name));
    if (standing !== 'active') await stores.people.changeStanding({ personId: personId(name), to: standing, nowMs: NOW_MS });
  }
  const rig = {
    sessions: stores.sessions,
    ended,
    recalls: (_id: string, _waitMs?: number): Promise<number> => Promise.resolve(0),
    endAtApps: (id: string): Promise<SessionsEnded> => Promise.resolve(left[id] ?? NOTHING),
    receipts: async () =>
      (await audit.read({ from: { afterSeq: 0 }, limit: 100, types: ['revocation_receipt'] })).map(({ record }) => record),
    resume: () =>
      resumeRevocations({
        people: stores.people,
        sessions: stores.sessions,
        audit,
        clock,
        leases: { recall: (id, waitMs) => rig.recalls(id, waitMs) },
        liveSessions: {
          ofPerson: () => Promise.resolve([]),
          signInOf: () => Promise.resolve(null),
          endAppOf: () => expect.fail('everything is ended'),
          endOne: () => expect.fail('everything is ended'),
          signInsOf: async () => [],
          endGrant: () => expect.fail(),
          endAllOf: (id) => {
            ended.push(id);
            return rig.endAtApps(id);
          },
        },
        doorNode: {
          watch: noReaderWatch,
          operations: noReaderOperations,
          release: () => expect.fail('not asked for'),
          policyPoint: noPolicyPoint,
          faces: noFacePoint,
          reloadGrants: () => Promise.resolve(),
          stop: () => Promise.resolve(),
          status: () => ({ state: 'online', epoch: 0 }),
          applyEpoch: (epoch) => Promise.resolve({ epoch, doors: 2 }),
        },
      }),
  };
  return rig;
}

it('closes whoever is suspended or departed, and nobody else', async () => {
  const { resume, ended } = await createRig({ ann: 'active', ben: 'suspended', cai: 'restricted', dee: 'departed' });
  await resume();
  expect(ended).toEqual([personId('ben'), personId('dee')]);
});

it('writes a receipt for those of whom something was left, though no list shows it', async () => {
  const { resume, receipts } = await createRig({ ben: 'suspended', dee: 'departed' }, { [personId('dee')]: { ...NOTHING, tokens: 1 } });
  expect(await resume()).toBe(1);
  expect(await receipts()).toMatchObject([{ personId: personId('dee'), state: 'contained' }]);
});

it('ends sessions of the console and of the command line', async () => {
  const { resume, receipts, sessions } = await createRig({ ben: 'suspended' });
  const secretSha256 = 'c'.repeat(64);
  await sessions.create({
    id: 'ses_1' as SessionId,
    personId: personId('ben'),
    kind: 'cli',
    secretSha256,
    createdAtMs: NOW_MS,
    authenticatedAtMs: NOW_MS,
    amr: ['hwk', 'user', 'mfa'],
    acr: 'urn:gatehouse:acr:passkey',
    userVerified: true,
    credentialId: null,
    expiresAtMs: NOW_MS + 1,
  });
  expect(await resume()).toBe(1);
  expect(await sessions.findBySecret(secretSha256, NOW_MS)).toBeNull();
  expect(await receipts()).toHaveLength(1);
});

it('says residual, and starts, when something cannot be closed', async () => {
  const rig = await createRig({ ben: 'suspended' });
  rig.endAtApps = () => Promise.reject(new GatewayError('store.unavailable', 'busy'));
  expect(await rig.resume()).toBe(1);
  expect(await rig.receipts()).toMatchObject([{ state: 'residual' }]);
});

it('waits for no terminal, and says in the receipt of whoever had something left that one may still let them in', async () => {
  const rig = await createRig({ ben: 'suspended', dee: 'departed' }, { [personId('dee')]: { ...NOTHING, tokens: 1 } });
  const waits: unknown[] = [];
  rig.recalls = (_id, waitMs) => {
    waits.push(waitMs);
    return Promise.reject(new GatewayError('store.unavailable', 'a terminal is silent'));
  };
  expect(await rig.resume()).toBe(1);
  expect(waits).toEqual([0, 0]);
  expect(await rig.receipts()).toMatchObject([{ personId: personId('dee'), state: 'residual' }]);
});
