import type { KoaContextWithOIDC } from 'oidc-provider';
import { expect, it } from 'vitest';
import type { AuthorizeApp } from '#gateway/app/access/types.ts';
import { denyBecause, type Decision } from '#gateway/domain/access/decision.ts';
import type { DecisionId } from '#gateway/domain/site/ids.ts';
import { createRefreshCheck } from '#gateway/oidc/decisions/refresh-check.ts';

const stamp = { id: 'dec_1' as DecisionId, policyRevision: 'r', epoch: 0 };
const permit: Decision = { ...stamp, effect: 'permit', permits: ['token.granted'], obligations: [], ttlS: 300 };

/** The provider's request to refresh, as far as it is read. */
const told = new Map<string, string>();
const context = {
  set: (name: string, value: string) => void told.set(name, value),
  oidc: {
    entities: {
      RefreshToken: { accountId: 'usr_ann', grantId: 'grant_1', clientId: 'wiki', amr: ['hwk'], authTime: 1 },
      Client: { clientId: 'wiki', clientAuthMethod: 'client_secret_basic' },
    },
  },
} as unknown as KoaContextWithOIDC;

function setUp(authorizeApp: AuthorizeApp) {
  const ended: unknown[] = [];
  const records: Promise<void>[] = [];
  const check = createRefreshCheck({
    authorizeApp,
    appSessions: {
      open: () => expect.fail('a refresh opens nothing'),
      destroyGrant: async (grantId) => void ended.push(grantId),
      recordEnd: async ({ cause }) => void ended.push(cause),
    },
    clientIp: () => null,
    appIdOf: () => null,
    acrCheck: { factsOf: () => expect.fail('no context is asked for') },
    seenSessions: { of: async () => undefined },
    exchanges: { record: (_request, record) => void records.push(record) },
  });
  return { check, ended, records };
}

it('goes on with a permit that is being recorded, and whoever answers waits for the record', async () => {
  const { check, ended, records } = setUp(async ({ onPermit }) => {
    onPermit?.(Promise.resolve(permit));
    return permit;
  });
  expect(await check.rotate(context)).toBe(true);
  expect(records).toHaveLength(1);
  await records[0];
  expect(ended).toEqual([]);
});

it.each(['audit.unavailable', 'pdp.late'] as const)(
  'gives nothing for a permit that came to %s, and leaves the app its grant',
  async (reason) => {
    const { check, ended, records } = setUp(async ({ onPermit }) => {
      onPermit?.(Promise.resolve(denyBecause(stamp, reason)));
      return permit;
    });
    expect(await check.rotate(context)).toBe(true);
    await expect(records[0]).rejects.toMatchObject({
      error: 'temporarily_unavailable',
      statusCode: 503,
      error_description: `access denied: ${reason} (dec_1)`,
    });
    expect(ended).toEqual([]);
  },
);

it('gives nothing where the policy could not be asked, and leaves the app its grant', async () => {
  const { check, ended } = setUp(async () => denyBecause(stamp, 'store.unavailable'));
  await expect(check.rotate(context)).rejects.toMatchObject({ error: 'temporarily_unavailable' });
  expect(ended).toEqual([]);
});

it('refuses at once and ends the grant where the policy says no', async () => {
  const { check, ended, records } = setUp(async () => denyBecause(stamp, 'grant.missing'));
  await expect(check.rotate(context)).rejects.toMatchObject({ error: 'invalid_grant' });
  expect([records, ended]).toEqual([[], ['grant_1', 'refresh_denied:grant.missing']]);
});
