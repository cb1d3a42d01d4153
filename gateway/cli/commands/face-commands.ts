import { resolve } from 'node:path';
import type { Command } from 'commander';
import type { EvalReport, Interval, VerificationSummary } from '../../domain/face/eval-report.ts';
import type { CliContext, GlobalOptions } from '../cli-context.ts';
import { examples } from '../examples.ts';

const DEFAULT_PACK_FOLDER = 'face-pack';

interface EvalOptions extends GlobalOptions {
  readonly pack: string;
}

/** Face models: fetched once by pinned hashes, and measured on labelled pictures. */
export function registerFaceCommands(program: Command, context: CliContext): void {
  const face = program.command('face').description('models that verify faces on the device');
  face
    .command('pack')
    .argument('[folder]', 'where it is put', DEFAULT_PACK_FOLDER)
    .description('fetch the default models from the package registry, check and convert them')
    .addHelpText('after', examples('gatehouse face pack', 'gatehouse face pack /var/lib/gatehouse/face-pack'))
    .action((folder: string, _own: unknown, command: Command) => preparePack(context, folder, command.optsWithGlobals()));
  face
    .command('eval')
    .argument('<folder>', 'holds pairs.csv (fold,same,a,b[,group]), presentations.csv (file,kind), or both')
    .option('--pack <folder>', 'models to measure', DEFAULT_PACK_FOLDER)
    .description('error rates of a pack on labelled pictures, with their confidence intervals')
    .addHelpText('after', examples('gatehouse face eval faces', 'gatehouse face eval faces --pack /opt/packs/other --json'))
    .action((folder: string, _own: unknown, command: Command) => evaluate(context, folder, command.optsWithGlobals()));
}

async function preparePack({ cwd, out, tools }: CliContext, folder: string, { json }: GlobalOptions): Promise<void> {
  const to = resolve(cwd, folder);
  const hash = await (await tools()).face.preparePack(to);
  out.line(json ? JSON.stringify({ folder: to, hash }) : `${to} holds the pack ${hash.slice(0, 12)}, every file checked`);
}

async function evaluate({ cwd, out, tools }: CliContext, folder: string, { json, pack }: EvalOptions): Promise<void> {
  let shown = 0;
  const onProgress = (share01: number): void => {
    const tenth = Math.floor(share01 * 10);
    if (json || tenth <= shown) return;
    shown = tenth;
    out.problem(`${String(tenth * 10)} %`);
  };
  const { face } = await tools();
  const report = await face.evaluate({ folder: resolve(cwd, folder), packFolder: resolve(cwd, pack), onProgress });
  if (json) {
    out.line(JSON.stringify({ ...report.verification, presentation: report.presentation, pack: report.pack }));
    return;
  }
  out.line(`pack ${report.pack.id} (${report.pack.hash.slice(0, 12)})`);
  for (const line of [...verificationLines(report), ...presentationLines(report)]) out.line(line);
}

const percent = (share: number): string => `${(share * 100).toFixed(2)} %`;
const withInterval = ({ high, low, value }: Interval): string => `${percent(value)} (${percent(low)} to ${percent(high)})`;

function summaryLine({ accuracy, eer, failures, pairs, tar_at_far_1e2, tar_at_far_1e3 }: VerificationSummary): string {
  const rates = `accuracy ${percent(accuracy)}, EER ${percent(eer)}, TAR ${percent(tar_at_far_1e2)} at FAR 1e-2, ${percent(tar_at_far_1e3)} at 1e-3`;
  return `${String(pairs)} pairs, ${String(failures)} without a usable face: ${rates}`;
}

function verificationLines({ verification }: EvalReport): readonly string[] {
  if (verification === null) return ['no pairs.csv: nothing was matched'];
  const { crossValidated, groups, thresholds } = verification;
  return [
    summaryLine(verification),
    ...(crossValidated === null
      ? []
      : [`cross-validated over folds: ${percent(crossValidated.mean)} ± ${percent(crossValidated.deviation)}`]),
    ...thresholds.map(({ fmr, fnmr, threshold }) => `at ${threshold.toFixed(2)}: FMR ${withInterval(fmr)}, FNMR ${withInterval(fnmr)}`),
    ...Object.entries(groups).map(([name, group]) => `${name}: ${summaryLine(group)}`),
  ];
}

function presentationLines({ presentation }: EvalReport): readonly string[] {
  return (presentation ?? []).flatMap(({ apcer, bpcer, threshold }) => [
    `liveness at ${threshold.toFixed(2)}: BPCER ${withInterval(bpcer)}`,
    ...Object.entries(apcer).map(([kind, share]) => `  ${kind}: APCER ${withInterval(share)}`),
  ]);
}
