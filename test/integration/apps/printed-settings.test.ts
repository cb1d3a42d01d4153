import { execFile } from 'node:child_process';
import { symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterEach, expect, it } from 'vitest';
import type { AppSettings } from '#gateway/http/contract/apps.ts';
import { addApp, liveCheck, startAppRig } from '#test/support/app-rig.ts';
import { temporaryFolder } from '#test/support/temporary-folder.ts';

const run = promisify(execFile);
const NODE_MODULES = fileURLToPath(new URL('../../../node_modules', import.meta.url));
const cleanUp: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const step of cleanUp.splice(0).reverse()) await step();
});

it('give a program its token, in a shell and in Node, as they are printed', async () => {
  const rig = await startAppRig();
  cleanUp.push(() => rig.close());
  const { id, secret } = await addApp(rig, { kind: 'machine', redirectUris: [] });
  const { body } = await rig.call<AppSettings>(`/apps/${id}/settings`);
  const files = body.settings.find((one) => one.id === 'machine')?.files ?? [];
  const textOf = (name: string): string => (files.find((file) => file.name === name)?.text ?? '').replaceAll(body.placeholder, secret);

  const shell = await run('bash', ['-c', textOf('Shell')]);
  expect(JSON.parse(shell.stdout)).toMatchObject({ token_type: 'Bearer' });
  expect(await liveCheck(rig, id)).toMatchObject({ state: 'works', person: null });

  const folder = await temporaryFolder();
  symlinkSync(NODE_MODULES, join(folder, 'node_modules'));
  writeFileSync(join(folder, '.env'), textOf('.env'));
  // Plain http is what the library refuses, and this gateway speaks.
  const program = textOf('token.mjs').replace(
    'GATEHOUSE_CLIENT_SECRET),\n',
    'GATEHOUSE_CLIENT_SECRET),\n  { execute: [client.allowInsecureRequests] },\n',
  );
  writeFileSync(join(folder, 'token.mjs'), `${program}console.log(typeof access_token);\n`);
  const node = await run(process.execPath, ['--env-file=.env', 'token.mjs'], { cwd: folder });
  expect(node.stdout).toBe('string\n');
});
