import { readFileSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Command } from 'commander';
import type { RowReport, TableReport } from '../../app/people/import-table.ts';
import { readPeopleCsv } from '../../platform/people-csv.ts';
import { PEOPLE_FILE_BYTES_MAX, PEOPLE_MAX } from '../../platform/people-file.ts';
import type { CliContext, GlobalOptions } from '../cli-context.ts';
import { CliError, EXIT } from '../cli-error.ts';
import { examples } from '../examples.ts';
import { requireConfig } from '../find-gateway.ts';

/** Rows that are printed; --json has all of them. */
export const PRINTED_ROWS_MAX = 1_000;

type ImportOptions = GlobalOptions & { readonly dryRun?: true };

export function registerPeopleImportCommand(program: Command, context: CliContext): void {
  program
    .command('people')
    .description('people from tables')
    .command('import')
    .argument(
      '<file>',
      `CSV in UTF-8 with a header, at most ${PEOPLE_MAX} rows: id, name, and any of email, roles, groups, clearance, employment_end, accessibility, badges`,
    )
    .description('add or replace people row by row; a column that is not there stays as it is, and one wrong row stops all')
    .option('--dry-run', 'only report what each row would change')
    .addHelpText('after', examples('gatehouse people import hr.csv --dry-run', 'gatehouse people import hr.csv'))
    .action((file: string, _own: unknown, command: Command) => importTable(context, file, command.optsWithGlobals()));
}

async function importTable(context: CliContext, file: string, options: ImportOptions): Promise<void> {
  const config = requireConfig(context, options);
  const table = readPeopleCsv(readBytes(resolve(context.cwd, file), file), file);
  const tools = await context.tools();
  const report = await tools.importTable(config, table, { dryRun: options.dryRun === true });
  if (options.json) context.out.line(JSON.stringify(report));
  else print(context, report);
  if (!report.ok) throw new CliError(EXIT.refused, 'nothing was imported: see the refused rows');
}

function readBytes(path: string, name: string): Uint8Array {
  try {
    if (statSync(path).size > PEOPLE_FILE_BYTES_MAX)
      throw new CliError(EXIT.usage, `${name} is larger than ${PEOPLE_FILE_BYTES_MAX} bytes`);
    return readFileSync(path);
  } catch (cause) {
    if (cause instanceof CliError) throw cause;
    throw new CliError(EXIT.usage, `${name} cannot be read`, { cause });
  }
}

function print({ out }: CliContext, { applied, rows }: TableReport): void {
  const told = rows.filter(({ outcome }) => outcome !== 'unchanged');
  // What is wrong first: a long table must not hide it.
  const shown = told.toSorted((a, b) => Number(b.outcome === 'refused') - Number(a.outcome === 'refused')).slice(0, PRINTED_ROWS_MAX);
  if (shown.length > 0)
    out.table(
      ['LINE', 'PERSON', 'OUTCOME', 'WHAT'],
      shown.map((row) => [String(row.line), row.id, row.outcome, toText(row)]),
    );
  if (told.length > shown.length) out.line(`and ${told.length - shown.length} more rows: --json shows all`);
  const count = (outcome: RowReport['outcome']): number => rows.filter((row) => row.outcome === outcome).length;
  const counts = (['added', 'changed', 'unchanged', 'refused'] as const).map((outcome) => `${count(outcome)} ${outcome}`).join(', ');
  out.line(applied ? `imported: ${counts}` : `not imported: ${counts}`);
}

function toText({ changes, problems }: RowReport): string {
  if (problems.length === 0) return changes.join(' ');
  return problems.map(({ message, path }) => (path === '' ? message : `${path} ${message}`)).join('; ');
}
