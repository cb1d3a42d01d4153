/** Writes policies/schema from the gateway's own schemas. A unit test fails while the files are not current. */
import { writeFile } from 'node:fs/promises';
import { policySchemaFiles } from './policy-schemas.ts';
import { POLICIES_DIR } from './policy-sources.ts';

for (const [name, text] of policySchemaFiles()) await writeFile(new URL(`schema/${name}`, POLICIES_DIR), text);
