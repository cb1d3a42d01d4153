import type { Command } from 'commander';
import { enrolmentLinkSchema, reinstateResultSchema, suspendResultSchema, type SuspendResult } from '../../http/contract/admin.ts';
import type { CliContext, GlobalOptions } from '../cli-context.ts';
import { findGateway } from '../find-gateway.ts';
import { findPerson } from '../find-target.ts';
import { toTimeText } from '../output.ts';

type ReasonOptions = GlobalOptions & { readonly reason: string };

/** Commands about one person. PERSON is an id, an e-mail, or the beginning of a name. */
export function registerPeopleCommands(program: Command, context: CliContext): void {
  program
    .command('suspend <person>')
    .description('close every door and end every session of a person, now')
    .requiredOption('--reason <text>', 'why; it is recorded and shown')
    .action((person: string, _own: unknown, command: Command) => suspend(context, person, command.optsWithGlobals()));
  program
    .command('reinstate <person>')
    .description('ask for, or as a second operator complete, the return of a suspended person')
    .requiredOption('--reason <text>', 'why; it is recorded and shown')
    .action((person: string, _own: unknown, command: Command) => reinstate(context, person, command.optsWithGlobals()));
  program
    .command('enrol <person>')
    .description('print a one-time link with which the person enrols a passkey')
    .action((person: string, _own: unknown, command: Command) => enrol(context, person, command.optsWithGlobals()));
}

async function suspend(context: CliContext, text: string, options: ReasonOptions): Promise<void> {
  const api = findGateway(context, options);
  const person = await findPerson(api, text);
  const result = await api.post(`/api/people/${encodeURIComponent(person.id)}/suspend`, { reason: options.reason }, suspendResultSchema);
  if (options.json) context.out.line(JSON.stringify(result));
  else printReceipt(context, person.name, result);
}

function printReceipt(context: CliContext, name: string, { decisionId, receipt }: SuspendResult): void {
  const { out } = context;
  const state = receipt.state === 'contained' ? out.good('contained') : out.bad('residual: something is still open');
  out.line(`${name} is suspended, ${state} (decision ${decisionId}, epoch ${receipt.epoch})`);
  const rows = receipt.targets.map(({ target, method, acknowledgedAtMs, count }) => [
    target,
    method,
    String(count),
    acknowledgedAtMs === null ? 'no answer' : `${acknowledgedAtMs - receipt.requestedAtMs} ms`,
  ]);
  out.table(['TARGET', 'METHOD', 'COUNT', 'CLOSED AFTER'], rows);
}

async function reinstate(context: CliContext, text: string, options: ReasonOptions): Promise<void> {
  const api = findGateway(context, options);
  const person = await findPerson(api, text);
  const result = await api.post(
    `/api/people/${encodeURIComponent(person.id)}/reinstate`,
    { reason: options.reason },
    reinstateResultSchema,
  );
  if (options.json) context.out.line(JSON.stringify(result));
  else if (result.state === 'reinstated')
    context.out.line(`${person.name} is ${context.out.good('reinstated')} (decision ${result.decisionId}, epoch ${result.epoch})`);
  else
    context.out.line(
      `${person.name} stays suspended until a second, different operator does the same before ${toTimeText(result.expiresAtMs)}`,
    );
}

async function enrol(context: CliContext, text: string, options: GlobalOptions): Promise<void> {
  const api = findGateway(context, options);
  const person = await findPerson(api, text);
  const link = await api.post(`/api/people/${encodeURIComponent(person.id)}/enrolment`, {}, enrolmentLinkSchema);
  if (options.json) {
    context.out.line(JSON.stringify(link));
    return;
  }
  context.out.line(link.url);
  context.out.problem(`For ${person.name} alone, once, until ${toTimeText(link.expiresAtMs)}. Whoever opens it becomes this person.`);
}
