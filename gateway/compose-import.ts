import type { AuthorizeOperator } from './app/access/types.ts';
import type { DirectoryDeps } from './app/directory/types.ts';
import { createImportDesk, type ImportDesk } from './app/people/import-desk.ts';
import type { Config } from './platform/config/config.ts';
import type { CredentialStore } from './ports/credential-store.ts';
import type { GrantStore } from './ports/grant-store.ts';
import type { PolicyDataStore } from './ports/policy-data-store.ts';

interface Parts {
  readonly config: Pick<Config, 'installation' | 'schedules'>;
  readonly directory: DirectoryDeps;
  readonly credentials: CredentialStore;
  readonly grants: GrantStore;
  readonly policyData: Pick<PolicyDataStore, 'current'>;
  readonly authorizeOperator: AuthorizeOperator;
}

/** Tables of people that operators bring while the gateway runs. */
export function composeImport({ config, directory, policyData, ...parts }: Parts): ImportDesk {
  const { clock, people, random } = directory;
  return createImportDesk({
    ...parts,
    people,
    clock,
    random,
    directory,
    installation: config.installation,
    scheduleNames: async () => {
      const { document } = await policyData.current();
      return new Set([...Object.keys(config.schedules), ...Object.keys(document.schedules)]);
    },
  });
}
