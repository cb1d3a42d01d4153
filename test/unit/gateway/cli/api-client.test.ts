import { join } from 'node:path';
import { expect, it } from 'vitest';
import { z } from 'zod';
import { TEST_TIMEOUT_MS } from '#adapters/rego-toolchain/rego-toolchain.ts';
import { createApiClient } from '#gateway/cli/api-client.ts';
import { POLICY_WORK_TIMEOUT_MS } from '#gateway/http/contract/policy.ts';
import { TRIAL_TIMEOUT_MS } from '#gateway/ports/policy-lab.ts';
import { serveFakeApi } from '#test/support/fake-control-api.ts';
import { temporaryFolder } from '#test/support/temporary-folder.ts';

it('waits longer for work on a policy than the gateway gives it, and another one before', () => {
  expect(POLICY_WORK_TIMEOUT_MS).toBeGreaterThan(2 * (TEST_TIMEOUT_MS + TRIAL_TIMEOUT_MS));
});

it.each([
  ['in the middle of its answer', '{"a":'],
  ['at all', ''],
])('says of a gateway that does not answer %s how long it has waited, and not that there is none', async (_when, begun) => {
  const path = join(await temporaryFolder(), 'control.sock');
  await serveFakeApi({ 'POST /api/slow': { body: begun, open: true } }, path);
  const asked = createApiClient({ kind: 'socket', path }).post('/api/slow', {}, z.unknown(), { timeoutMs: 100 });
  await expect(asked).rejects.toMatchObject({ exitCode: 3, message: expect.stringContaining('within 0.1 s') as string });
});

it('says where it has looked for a gateway that is not there', async () => {
  const path = join(await temporaryFolder(), 'control.sock');
  await expect(createApiClient({ kind: 'socket', path }).get('/api/status', z.unknown())).rejects.toMatchObject({
    exitCode: 3,
    message: expect.stringContaining('no gateway answers at') as string,
  });
});
