import { createTurns } from './app/directory/turns.ts';
import type { DirectoryDeps } from './app/directory/types.ts';
import { closePerson, type SuspendDeps } from './app/revocation/suspend.ts';

export interface DirectoryParts extends Omit<DirectoryDeps, 'close' | 'takeTurn' | 'audit'> {
  readonly revoking: Omit<SuspendDeps, 'authorizeOperator'>;
}

/** What changes people for somebody outside: one change after the other, whoever it comes from, and whoever is closed is closed everywhere. */
export function composeDirectory({ revoking, ...parts }: DirectoryParts): DirectoryDeps {
  return { ...parts, audit: revoking.audit, takeTurn: createTurns(), close: (closing) => closePerson(revoking, closing) };
}
