import { cp, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { temporaryFolder } from '../temporary-folder.ts';

const POLICIES = new URL('../../../policies/', import.meta.url);

/** A copy of the shipped policy with its tests and cases, and text added to one of its files, in a folder of the running test. */
export async function draftFolder(rego: string, file = 'access/doors.rego'): Promise<string> {
  const folder = await temporaryFolder();
  for (const name of ['access', 'lib', 'library', 'tests', 'cases'])
    await cp(new URL(name, POLICIES), join(folder, name), { recursive: true });
  const path = join(folder, file);
  await writeFile(path, `${await readFile(path, 'utf8')}\n${rego}\n`);
  return folder;
}
