import type { Command } from 'commander';
import type { z } from 'zod';
import { explainIssue } from '../../domain/explain-issue.ts';
import { tryParse } from '../../domain/try-parse.ts';
import {
  enrolmentLinkSchema,
  reinstateResultSchema,
  suspendResultSchema,
  unrestrictResultSchema,
  type SuspendResult,
} from '../../http/contract/admin.ts';
import { reasonBodySchema } from '../../http/contract/common.ts';
import type { CliContext, GlobalOptions } from '../cli-context.ts';
import { CliError, EXIT } from '../cli-error.ts';
import { examples } from '../examples.ts';
import { findGateway } from '../find-gateway.ts';
import { findPerson } from '../find-target.ts';
import { toTimeText } from '../output.ts';

type ReasonOptions = GlobalOptions & { readonly reason: string };

const PERSON = 'id, e-mail, or the beginning of a name';
const REASON = 'why, in 3 to 500 characters; it is recorded and shown';

/** Commands about one person. */
export function registerPeopleCommands(program: Command, context: CliContext): void {
  program
    .command('suspend')
    .argument('<person>', PERSON)
    .description('close every door and end every session of a person, now; prints the receipt')
    .requiredOption('--reason <text>', REASON)
    .addHelpText('after', examples('gatehouse suspend nina --reason "Lost her laptop and her badge"'))
    .action((person: string, _own: unknown, command: Command) => suspend(context, person, command.optsWithGlobals()));
  program
    .command('reinstate')
    .argument('<person>', PERSON)
    .description(
      'ask for the return of a suspended person, or as a second, different operator complete it; the first request waits for an hour (console.reinstatement_ttl_s)',
    )
    .requiredOption('--reason <text>', REASON)
    .addHelpText('after', examples('gatehouse reinstate nina --reason "Laptop and badge are found"'))
    .action((person: string, _own: unknown, command: Command) => reinstate(context, person, command.optsWithGlobals()));
  program
    .command('unrestrict')
    .argument('<person>', PERSON)
    .description('end a restriction before it ends by itself; cameras that saw other faces set it, for four hours')
    .requiredOption('--reason <text>', REASON)
    .addHelpText('after', examples('gatehouse unrestrict nina --reason "She stands here with her badge"'))
    .action((person: string, _own: unknown, command: Command) => unrestrict(context, person, command.optsWithGlobals()));
  program
    .command('enrol')
    .argument('<person>', PERSON)
    .description('print a link with which the person enrols a passkey, once and within 15 minutes (console.enrolment_link_ttl_s)')
    .addHelpText('after', examples('gatehouse enrol ann@example.org'))
    .action((person: string, _own: unknown, command: Command) => enrol(context, person, command.optsWithGlobals()));
}

/** Before anything is asked: the option is named, where the gateway would name a field of its request. */
function parseReason({ reason }: ReasonOptions): z.output<typeof reasonBodySchema> {
  const parsed = tryParse(reasonBodySchema, { reason }, { error: explainIssue });
  if (!parsed.success) throw new CliError(EXIT.usage, `--reason ${parsed.error.issues[0]?.message ?? 'cannot be used'}`);
  return parsed.data;
}

async function suspend(context: CliContext, text: string, options: ReasonOptions): Promise<void> {
  const body = parseReason(options);
  const api = findGateway(context, options);
  const person = await findPerson(api, text);
  const result = await api.post(`/api/people/${encodeURIComponent(person.id)}/suspend`, body, suspendResultSchema);
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
  const body = parseReason(options);
  const api = findGateway(context, options);
  const person = await findPerson(api, text);
  const result = await api.post(`/api/people/${encodeURIComponent(person.id)}/reinstate`, body, reinstateResultSchema);
  if (options.json) context.out.line(JSON.stringify(result));
  else if (result.state === 'reinstated')
    context.out.line(`${person.name} is ${context.out.good('reinstated')} (decision ${result.decisionId}, epoch ${result.epoch})`);
  else
    context.out.line(
      `${person.name} stays suspended until a second, different operator does the same before ${toTimeText(result.expiresAtMs)}`,
    );
}

async function unrestrict(context: CliContext, text: string, options: ReasonOptions): Promise<void> {
  const body = parseReason(options);
  const api = findGateway(context, options);
  const person = await findPerson(api, text);
  const result = await api.post(`/api/people/${encodeURIComponent(person.id)}/unrestrict`, body, unrestrictResultSchema);
  if (options.json) return context.out.line(JSON.stringify(result));
  context.out.line(`${person.name} is ${context.out.good('restricted no more')} (decision ${result.decisionId}, epoch ${result.epoch})`);
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
