import type { Deny } from '../../domain/access/decision.ts';
import type { DecisionId, PersonId } from '../../domain/site/ids.ts';
import type { AuthorizeOperator, Operator } from '../access/types.ts';
import type { DirectoryDeps } from '../directory/types.ts';
import type { ImportDeps } from './import-types.ts';
import { createImportTable, type PeopleTable, type TableOptions, type TableReport } from './import-table.ts';

export interface ImportCommand {
  readonly operator: Operator;
  readonly reason: string;
  readonly table: PeopleTable;
  readonly options: TableOptions;
}

export type ImportOutcome =
  | { readonly ok: true; readonly decisionId: DecisionId; readonly report: TableReport }
  | { readonly ok: false; readonly code: 'request.forbidden'; readonly deny: Deny };

/** A table of people by an operator, while the gateway runs. Also a dry run is decided: it tells what the store knows. */
export type ImportDesk = (command: ImportCommand) => Promise<ImportOutcome>;

export interface ImportDeskDeps extends Omit<ImportDeps, 'pendingRecords' | 'changedBy' | 'directory' | 'scheduleNames'> {
  readonly scheduleNames: () => Promise<ReadonlySet<string>>;
  readonly directory: DirectoryDeps;
  readonly authorizeOperator: AuthorizeOperator;
}

/**
 * In turn with the directories outside. Every change is recorded under the operator before it is made; whoever the table closes is closed
 * like by any suspension, and whose groups change is asked about again.
 */
export function createImportDesk(deps: ImportDeskDeps): ImportDesk {
  const { directory } = deps;
  return async ({ operator, options, reason, table }) => {
    const decision = await deps.authorizeOperator({
      action: 'person.import',
      operator,
      target: { type: 'console', id: 'people' },
      reason,
      firstOperatorId: null,
    });
    if (decision.effect === 'deny') return { ok: false, code: 'request.forbidden', deny: decision };
    const closedBy = operator.id;
    const close = (personId: PersonId) =>
      directory.close({ personId, to: 'suspended', closedBy, reason: `A table of people: ${reason}`, decisionId: decision.id });
    const report = await directory.takeTurn(async () => {
      const scheduleNames = await deps.scheduleNames();
      const pendingRecords = {
        add: async (records: readonly { readonly record: Parameters<typeof directory.audit.append>[0] }[]) => {
          for (let from = 0; from < records.length; from += RECORDS_AT_ONCE) {
            await Promise.all(records.slice(from, from + RECORDS_AT_ONCE).map(({ record }) => directory.audit.append(record)));
          }
        },
      };
      const own = { ...deps, scheduleNames, pendingRecords, directory: directory.directory, changedBy: operator.id, close };
      return createImportTable(own)(table, options);
    });
    if (report.applied) await askAgain(directory, report);
    return { ok: true, decisionId: decision.id, report };
  };
}

/** What one group commit of the log takes well. */
const RECORDS_AT_ONCE = 500;

/** Doors read the store at each badge; sessions are asked about now. One that fails is asked about at its next refresh. */
async function askAgain({ endLapsedSessions }: DirectoryDeps, { rows }: TableReport): Promise<void> {
  for (const { id, outcome } of rows) {
    // Branded again: they are people of the store.
    if (outcome === 'changed') await endLapsedSessions(id as PersonId, 'directory:import').catch(() => 0);
  }
}
