import { setTimeout as delay } from 'node:timers/promises';
import type { Command } from 'commander';
import type { Finding } from '../../domain/policy/finding.ts';
import type { FlipGroups, ImpactReport } from '../../domain/policy/impact-report.ts';
import {
  checkResultSchema,
  impactJobSchema,
  POLICY_WORK_TIMEOUT_MS,
  testResultSchema,
  type ImpactJobView,
} from '../../http/contract/policy.ts';
import type { ApiClient } from '../api-client.ts';
import type { CliContext, GlobalOptions } from '../cli-context.ts';
import { CliError, EXIT } from '../cli-error.ts';
import { examples } from '../examples.ts';
import { findGateway } from '../find-gateway.ts';
import { toTimeText, type Output } from '../output.ts';
import { revisionOf, revisionPath, TARGET } from '../policy-target.ts';

const POLL_INTERVAL_MS = 500;
const GROUPS_SHOWN_MAX = 10;

interface TargetOptions extends GlobalOptions {
  readonly note: string;
}

interface ImpactOptions extends TargetOptions {
  readonly from?: string;
  readonly to?: string;
  readonly data: string;
}

/** What an author does with a draft. Returns the command that others hang theirs on. */
export function registerPolicyCommands(program: Command, context: CliContext): Command {
  const policy = program.command('policy').description('drafts, tests, impact and revisions of the policy');
  const withTarget = (name: string, text: string): Command =>
    policy.command(name).argument('<target>', TARGET).description(text).option('--note <text>', 'what the draft is for', '');
  withTarget('check', 'compile a revision, lint it and try its worst case; prints each finding with its place')
    .addHelpText('after', examples('gatehouse policy check ./policies', 'gatehouse policy check rev_7f3k --json'))
    .action((target: string, _own: unknown, command: Command) => check(context, target, command.optsWithGlobals()));
  withTarget('test', 'run its tests with line coverage, and its cases in both engines')
    .addHelpText('after', examples('gatehouse policy test ./policies'))
    .action((target: string, _own: unknown, command: Command) => test(context, target, command.optsWithGlobals()));
  withTarget('impact', 'decide every recorded decision again under a revision and show what comes out differently')
    .option('--from <time>', 'beginning of the window, such as 2026-11-01 or 2026-11-01T06:00Z (default: seven days ago)')
    .option('--to <time>', 'end of the window (default: now)')
    .option('--data <when>', '`then`: with the grants of each decision’s time, `today`: with those of now', 'then')
    .addHelpText('after', examples('gatehouse policy impact ./policies', 'gatehouse policy impact rev_7f3k --from 2026-11-01 --json'))
    .action((target: string, _own: unknown, command: Command) => impact(context, target, command.optsWithGlobals()));
  return policy;
}

async function check(context: CliContext, target: string, options: TargetOptions): Promise<void> {
  const { out } = context;
  const api = findGateway(context, options);
  const id = await revisionOf(context, api, { text: target, note: options.note });
  const answer = await api.post(revisionPath(id, '/check'), {}, checkResultSchema, { timeoutMs: POLICY_WORK_TIMEOUT_MS });
  const { report } = answer;
  if (options.json) out.line(JSON.stringify(answer));
  else {
    report.findings.forEach((finding) => out.line(toFindingLine(out, finding)));
    if (report.trial !== null) {
      const { inputs, stepsMax, slowestMs } = report.trial;
      out.line(`worst case: ${inputs} largest inputs, at most ${stepsMax} steps and ${slowestMs} ms`);
    }
    const named = [id, answer.revision.state, report.revision].filter((part) => part !== null).join(' ');
    out.line(`${named} (${report.tookMs} ms)`);
  }
  const errors = report.findings.filter(({ severity }) => severity === 'error').length;
  if (errors > 0) throw new CliError(EXIT.refused, `${errors} ${errors === 1 ? 'error' : 'errors'}`);
}

/** With a blank behind it; a row or column that is not known is left out. */
function toPlace({ file, row, col = 0 }: { readonly file: string; readonly row: number; readonly col?: number }): string {
  return file === '' ? '' : `${[file, row, col].filter((part) => part !== 0).join(':')} `;
}

function toFindingLine(out: Output, { severity, code, message, ...place }: Finding): string {
  return `${toPlace(place)}${severity === 'error' ? out.bad('error') : 'warning'} ${code}: ${message}`;
}

async function test(context: CliContext, target: string, options: TargetOptions): Promise<void> {
  const { out } = context;
  const api = findGateway(context, options);
  const id = await revisionOf(context, api, { text: target, note: options.note });
  // What has not been compiled has nothing that could be tested.
  await api.post(revisionPath(id, '/check'), {}, checkResultSchema, { timeoutMs: POLICY_WORK_TIMEOUT_MS });
  const answer = await api.post(revisionPath(id, '/test'), {}, testResultSchema, { timeoutMs: POLICY_WORK_TIMEOUT_MS });
  const { report } = answer;
  if (options.json) out.line(JSON.stringify(answer));
  else {
    report.failures.forEach(({ name, message, ...place }) => out.line(`${toPlace(place)}${out.bad('failed')} ${name}: ${message}`));
    report.findings.forEach((finding) => out.line(toFindingLine(out, finding)));
    out.line(
      `${report.tests} tests, ${report.cases} cases in two engines, ${report.failed} failed, ${report.differences} differences; ${Math.round(report.coverage01 * 100)} % of the lines (${report.tookMs} ms)`,
    );
    out.line(`${id} ${answer.revision.state}`);
  }
  if (report.failed > 0) throw new CliError(EXIT.refused, `${report.failed} failed`);
}

async function impact(context: CliContext, target: string, options: ImpactOptions): Promise<void> {
  const body = parseImpact(options);
  const api = findGateway(context, options);
  const id = await revisionOf(context, api, { text: target, note: options.note });
  const started = await api.post(revisionPath(id, '/impact'), body, impactJobSchema, { timeoutMs: POLICY_WORK_TIMEOUT_MS });
  const job = await follow(context, api, { started, quiet: options.json === true });
  if (options.json) context.out.line(JSON.stringify(job));
  if (job.state !== 'done' || job.report === null) throw new CliError(EXIT.refused, `the replay is ${job.state}: ${job.message}`);
  if (!options.json) printImpact(context.out, job.report);
}

function parseImpact({ from, to, data }: ImpactOptions): unknown {
  if (data !== 'then' && data !== 'today') throw new CliError(EXIT.usage, '--data is `then` or `today`');
  if (from === undefined && to === undefined) return { data };
  const toMs = to === undefined ? Date.now() : parseTime('--to', to);
  const fromMs = from === undefined ? toMs - 7 * 86_400_000 : parseTime('--from', from);
  if (fromMs >= toMs) throw new CliError(EXIT.usage, '--from must be before --to');
  return { data, window: { fromMs, toMs } };
}

function parseTime(option: string, text: string): number {
  const ms = /^\d{4}-\d{2}-\d{2}/.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(ms)) throw new CliError(EXIT.usage, `${option} ${text} is no time such as 2026-11-01 or 2026-11-01T06:00Z`);
  return ms;
}

/** Shows progress until the job ends; Ctrl+C cancels it. */
async function follow(
  context: CliContext,
  api: ApiClient,
  { started, quiet }: { readonly started: ImpactJobView; readonly quiet: boolean },
): Promise<ImpactJobView> {
  const interrupted = context.catchInterrupt();
  const path = `/api/policy/impact/${encodeURIComponent(started.id)}`;
  let job = started;
  let shown = -1;
  while (job.state === 'running') {
    if (interrupted.aborted) job = await api.post(`${path}/cancel`, {}, impactJobSchema);
    const percent = Math.floor(job.progress.share01 * 100);
    if (!quiet && percent > shown) context.out.problem(`${percent} %, ${job.progress.decisions} decisions, ${job.progress.flips} flips`);
    shown = Math.max(shown, percent);
    await delay(POLL_INTERVAL_MS);
    job = await api.get(path, impactJobSchema);
  }
  return job;
}

function printImpact(out: Output, report: ImpactReport): void {
  const { skipped, kinds, failures, engineCheck } = report;
  out.line(
    `${toTimeText(report.window.fromMs)} to ${toTimeText(report.window.toMs)}, data of ${report.data === 'then' ? 'each decision’s time' : 'today'}`,
  );
  out.line(`${report.decisions} decisions, ${report.replayed} decided again (${report.decisionsPerS} a second)`);
  const left = Object.entries(skipped).filter(([, count]) => count > 0);
  if (left.length > 0) out.line(`not decided again: ${left.map(([why, count]) => `${count} ${why.replaceAll('_', ' ')}`).join(', ')}`);
  const flips = report.flips === 0 ? out.good('no flips') : out.bad(`${report.flips} flips`);
  out.line(
    `${flips}: ${kinds.permit_to_deny} permit to deny, ${kinds.deny_to_permit} deny to permit, ${kinds.reasons_changed} other reasons, ${kinds.obligations_changed} other obligations`,
  );
  if (failures.first !== null)
    out.line(out.bad(`${failures.total} evaluations failed, first ${failures.first.decisionId}: ${failures.first.message}`));
  if (engineCheck.checked > 0) out.line(`flips in both engines: ${engineCheck.checked} compared, ${engineCheck.differences} different`);
  if (report.flips === 0) return;
  printGroups(out, 'LINE', report.byLine);
  printGroups(out, 'PERSON', report.byPerson);
  printGroups(out, 'DOOR', report.byDoor);
  printGroups(out, 'APP', report.byApp);
}

function printGroups(out: Output, heading: string, { total, groups }: FlipGroups): void {
  if (total === 0) return;
  const rows = groups
    .slice(0, GROUPS_SHOWN_MAX)
    .map(({ key, flips, kinds, cause, examples: [first] }) => [
      cause === null ? key : `${key} ${cause.text}`,
      String(flips),
      String(kinds.permit_to_deny),
      String(kinds.deny_to_permit),
      first === undefined ? '' : `${first.decisionId} ${first.after.effect} ${first.after.codes.join(' ')}`,
    ]);
  out.table([heading, 'FLIPS', 'LOSE', 'GAIN', 'FOR EXAMPLE'], rows);
  if (total > rows.length) out.line(`... and ${total - rows.length} more`);
}
