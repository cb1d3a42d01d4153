import type { Command } from 'commander';
import { tryParse } from '../../domain/try-parse.ts';
import { statusSchema } from '../../http/contract/admin.ts';
import { reasonBodySchema } from '../../http/contract/common.ts';
import { explainIssue } from '../../domain/explain-issue.ts';
import {
  explanationResultSchema,
  isRefused,
  POLICY_WORK_TIMEOUT_MS,
  policyDiffSchema,
  revisionDetailSchema,
  revisionResultSchema,
  revisionsSchema,
  shadowSchema,
  type PolicyDiffView,
} from '../../http/contract/policy.ts';
import type { Explanation } from '../../domain/policy/explanation.ts';
import type { ApiClient } from '../api-client.ts';
import type { CliContext, GlobalOptions } from '../cli-context.ts';
import { CliError, EXIT } from '../cli-error.ts';
import { examples } from '../examples.ts';
import { findGateway } from '../find-gateway.ts';
import { toTimeText, type Output } from '../output.ts';
import { knownRevision, REVISION, revisionPath } from '../policy-target.ts';

const REASON = 'why, in 3 to 500 characters; it is recorded and shown';

type ReasonOptions = GlobalOptions & { readonly reason: string };
type PublishOptions = ReasonOptions & {
  readonly shadow?: true;
  readonly signOnly?: true;
  readonly emergency?: true;
  readonly despiteTests?: true;
};

/** From a tested revision to what is in force, and the way back; and why a decision came out as it did. */
export function registerPolicyPublishCommands(policy: Command, context: CliContext): void {
  registerLooking(policy, context);
  policy
    .command('approve')
    .argument('<revision>', REVISION)
    .description('approve the content of a revision as a second person; its author cannot')
    .requiredOption('--reason <text>', REASON)
    .addHelpText('after', examples('gatehouse policy approve rev_7f3k --reason "Read with the night shift"'))
    .action((revision: string, _own: unknown, command: Command) => approve(context, revision, command.optsWithGlobals()));
  policy
    .command('publish')
    .argument('<revision>', REVISION)
    .description('sign an approved revision and bring it into force at doors and logins')
    .requiredOption('--reason <text>', REASON)
    .option('--shadow', 'sign it and let it decide beside what is in force, off the path of decisions')
    .option('--sign-only', 'sign it and do no more')
    .option('--emergency', 'without impact and approval: raises an alarm, and the reason stays with it')
    .option('--despite-tests', 'with --emergency: although tests fail or did not run; raises an alarm of its own')
    .addHelpText('after', examples('gatehouse policy publish rev_7f3k --reason "Night shift of December"'))
    .action((revision: string, _own: unknown, command: Command) => publish(context, revision, command.optsWithGlobals()));
  policy
    .command('rollback')
    .argument('[revision]', 'a revision that was in force (default: the one before, never one that a roll-back has left)')
    .description('bring an earlier revision back into force, after saying which one')
    .requiredOption('--reason <text>', REASON)
    .addHelpText('after', examples('gatehouse policy rollback --reason "Nobody gets into the laboratory"'))
    .action((revision: string | undefined, _own: unknown, command: Command) =>
      rollBack(context, revision ?? null, command.optsWithGlobals()),
    );
}

function registerLooking(policy: Command, context: CliContext): void {
  policy
    .command('list')
    .description('the newest revisions, and which one is in force')
    .addHelpText('after', examples('gatehouse policy list', 'gatehouse policy list --json'))
    .action((_own: unknown, command: Command) => list(context, command.optsWithGlobals()));
  policy
    .command('diff')
    .argument('<from>', REVISION)
    .argument('<to>', REVISION)
    .description('what differs between two revisions')
    .addHelpText('after', examples('gatehouse policy diff active rev_7f3k'))
    .action((from: string, to: string, _own: unknown, command: Command) => diff(context, [from, to], command.optsWithGlobals()));
  policy
    .command('explain')
    .argument('<decision>', 'id of a decision, as the log and every denial give it')
    .description('decide a recorded decision again, name the rules behind it, and what would have permitted it')
    .addHelpText('after', examples('gatehouse policy explain dec_4kq2m7'))
    .action((decision: string, _own: unknown, command: Command) => explain(context, decision, command.optsWithGlobals()));
  policy
    .command('shadow')
    .description('what the candidate beside the policy in force would have decided differently')
    .addHelpText('after', examples('gatehouse policy shadow'))
    .action((_own: unknown, command: Command) => shadow(context, command.optsWithGlobals()));
}

function parseReason({ reason }: ReasonOptions): { readonly reason: string } {
  const parsed = tryParse(reasonBodySchema, { reason }, { error: explainIssue });
  if (!parsed.success) throw new CliError(EXIT.usage, `--reason ${parsed.error.issues[0]?.message ?? 'cannot be used'}`);
  return parsed.data;
}

async function approve(context: CliContext, text: string, options: ReasonOptions): Promise<void> {
  const body = parseReason(options);
  const api = findGateway(context, options);
  const id = await knownRevision(api, text);
  const { revision } = await api.get(revisionPath(id), revisionDetailSchema);
  if (revision.revision === null) throw new CliError(EXIT.refused, `${id} has not been checked`);
  await step(context, api, { path: revisionPath(id, '/approve'), body: { ...body, revision: revision.revision }, options });
}

async function publish(context: CliContext, text: string, options: PublishOptions): Promise<void> {
  const body = parseReason(options);
  if (options.despiteTests === true && options.emergency !== true) throw new CliError(EXIT.usage, '--despite-tests needs --emergency');
  const api = findGateway(context, options);
  const id = await knownRevision(api, text);
  const { revision } = await api.get(revisionPath(id), revisionDetailSchema);
  const isSigned = revision.signature !== null;
  const steps = [
    isSigned ? [] : [options.emergency === true ? '/emergency' : '/sign'],
    options.signOnly === true ? [] : [options.shadow === true ? '/shadow' : '/activate'],
  ].flat();
  const bodyOf = (path: string) => (path === '/emergency' ? { ...body, despiteTests: options.despiteTests === true } : body);
  for (const each of steps) await step(context, api, { path: revisionPath(id, each), body: bodyOf(each), options });
}

/** The one that was named to the operator is the one that comes back, whatever others do meanwhile. */
async function rollBack(context: CliContext, named: string | null, options: ReasonOptions): Promise<void> {
  const reason = parseReason(options);
  const api = findGateway(context, options);
  const { activations, wayBackId } = await api.get('/api/policy/revisions?limit=1', revisionsSchema);
  const revisionId = named ?? wayBackId;
  if (revisionId !== null) {
    const { revision } = await api.get(revisionPath(revisionId), revisionDetailSchema);
    const what = [revision.revision?.slice(0, 12), revision.note].filter((part) => part !== undefined && part !== '').join(', ');
    context.out.problem(`${revisionId} (${what}) comes back instead of ${activations[0]?.revisionId ?? 'nothing'}`);
  }
  await step(context, api, { path: '/api/policy/rollback', body: { ...reason, revisionId }, options });
}

interface Step {
  readonly path: string;
  readonly body: unknown;
  readonly options: GlobalOptions;
}

async function step({ out }: CliContext, api: ApiClient, { path, body, options }: Step): Promise<void> {
  const answer = await api.post(path, body, revisionResultSchema, { timeoutMs: POLICY_WORK_TIMEOUT_MS });
  if (options.json) out.line(JSON.stringify(answer));
  else out.line(`${answer.revision.id} is ${out.good(answer.revision.state)}`);
}

async function list(context: CliContext, options: GlobalOptions): Promise<void> {
  const { out } = context;
  const api = findGateway(context, options);
  const answer = await api.get('/api/policy/revisions', revisionsSchema);
  if (options.json) return out.line(JSON.stringify(answer));
  const status = await api.get('/api/status', statusSchema);
  const [activation] = answer.activations;
  const rows = answer.revisions.map(({ id, state, authorId, createdAtMs, revision, note }) => [
    id,
    state === 'active' ? out.good(state) : state,
    authorId,
    toTimeText(createdAtMs),
    revision?.slice(0, 12) ?? '',
    note,
  ]);
  out.table(['REVISION', 'STATE', 'AUTHOR', 'SINCE', 'HASH', 'NOTE'], rows);
  if (activation === undefined || !isRefused(activation, status)) return;
  const decides = `policy ${status.policyRevision.slice(0, 12)} decides instead`;
  out.problem(
    `${activation.revisionId} does not decide: at the start its bundle was not what was signed, and ${decides}. Roll back, or publish again.`,
  );
}

async function diff(context: CliContext, [from, to]: readonly [string, string], options: GlobalOptions): Promise<void> {
  const { out } = context;
  const api = findGateway(context, options);
  const query = `from=${encodeURIComponent(await knownRevision(api, from))}&to=${encodeURIComponent(await knownRevision(api, to))}`;
  const answer = await api.get(`/api/policy/diff?${query}`, policyDiffSchema);
  if (options.json) return out.line(JSON.stringify(answer));
  if (answer.files.length === 0) out.line('no difference');
  answer.files.forEach((file) => printFile(out, file));
}

function printFile(out: Output, { path, change, lines }: PolicyDiffView['files'][number]): void {
  out.line(`${path} (${change})`);
  for (const { kind, text, before, after } of lines) {
    const row = String(after ?? before ?? '').padStart(5);
    if (kind === 'same') out.line(out.faint(`${row}   ${text}`));
    else out.line(kind === 'added' ? out.good(`${row} + ${text}`) : out.bad(`${row} - ${text}`));
  }
}

async function shadow(context: CliContext, options: GlobalOptions): Promise<void> {
  const { out } = context;
  const answer = await findGateway(context, options).get('/api/policy/shadow', shadowSchema);
  if (options.json) return out.line(JSON.stringify(answer));
  out.line(answer.revisionId === null ? 'no shadow run goes on; the last one:' : `shadow run of ${answer.revisionId}`);
  const rows = Object.entries(answer.points).map(([name, found]) => [
    name,
    String(found.compared),
    String(found.differences),
    String(found.failures),
    String(found.dropped),
  ]);
  out.table(['THREAD', 'COMPARED', 'DIFFERENT', 'FAILED', 'LEFT OUT'], rows);
}

async function explain(context: CliContext, decisionId: string, options: GlobalOptions): Promise<void> {
  const path = `/api/policy/decisions/${encodeURIComponent(decisionId)}`;
  const answer = await findGateway(context, options).get(path, explanationResultSchema, { timeoutMs: POLICY_WORK_TIMEOUT_MS });
  if (options.json) context.out.line(JSON.stringify(answer));
  else printExplanation(context.out, answer);
}

const RERUN: Readonly<Record<Explanation['rerun'], string>> = {
  same: 'decided again: the same',
  different: 'decided again: DIFFERENT',
  impossible: 'cannot be decided again',
};

function printExplanation(out: Output, found: Explanation): void {
  out.line(found.summary);
  out.line(`${found.action} of ${found.personId ?? 'nobody known'} at ${found.resourceId}, ${toTimeText(found.occurredAtMs)}`);
  for (const { code, line, title, description } of found.rules) {
    out.line(`${line.file}:${line.row} ${code}${title === '' ? '' : ` (${title})`}`);
    out.line(out.faint(`  ${line.text}`));
    if (description !== '') out.line(`  ${description}`);
  }
  if (found.against.length > 0) out.line('what stood against a permit:');
  for (const { file, row, text } of found.against) out.line(`  ${file}:${row} ${text}`);
  const changes = found.wouldPermit.map(({ path, from, to }) => [`  ${path}`, from, to]);
  if (changes.length > 0) out.table(['  WOULD BE PERMITTED WITH', 'INSTEAD OF', 'THIS'], changes);
  out.line(
    `${RERUN[found.rerun]}; policy ${found.policyRevision.slice(0, 12)}, data ${found.dataRevision.slice(0, 12)}, compiler ${found.engineVersion}`,
  );
  for (const missing of found.missing) out.line(`  missing: ${missing}`);
  if (found.masked.length > 0) out.line(out.faint(`masked: ${found.masked.join(', ')}`));
}
