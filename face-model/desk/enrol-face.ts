import { REPORT_TYPE, type FaceReport } from '#gateway/domain/face/report.ts';
import { readManifest } from '../pack/load-pack.ts';
import { EnrolmentRun, type Enrolled } from '../terminal/enrolment-run.ts';
import { startInference } from '../terminal/inference.ts';
import { openTemplateFolder } from '../terminal/template-folder.ts';
import { film } from './film.ts';
import { openDesk } from './desk-folder.ts';

/** What a report names instead of an order when the person had their face deleted; the gateway has the same word. */
const FORGOTTEN_ORDER = 'forgotten';
const TOLD_EVERY_MS = 500;

export interface EnrolFaceOptions {
  readonly folder: string;
  readonly packFolder: string;
  readonly acknowledgesLicence: boolean;
  readonly command: readonly [string, ...string[]];
  /** Nothing is looked at before the person agrees. */
  readonly consents: () => Promise<boolean>;
  /** How far it is, and what the person can do better. */
  readonly onProgress: (progress: { readonly taken: number; readonly of: number; readonly say: string }) => void;
}

export type EnrolFaceOutcome = FaceReport['result'] | 'no_order' | 'no_camera';

/** Enrols the face of this computer's person, by an order of the gateway. @throws GatewayCallError, PackError, Error */
export async function enrolFace(options: EnrolFaceOptions): Promise<EnrolFaceOutcome> {
  const desk = await openDesk(options.folder);
  const { hash: packHash } = await readManifest(options.packFolder);
  const orderId = await desk.link.beginFace(packHash);
  if (orderId === null) return 'no_order';
  const report = async (result: FaceReport['result'], template: string | null): Promise<FaceReport['result']> => {
    const said: FaceReport = { device: desk.identity.deviceId, order: orderId, result, template };
    await desk.link.reportFace(await desk.sign(said, REPORT_TYPE));
    return result;
  };
  if (!(await options.consents())) return report('refused', null);
  const enrolled = await capture(options);
  if (enrolled === null) {
    await report('failed', null);
    return 'no_camera';
  }
  if (enrolled.result !== 'done') return report(enrolled.result, null);
  const templates = await openTemplateFolder(options.folder, packHash);
  const { personId } = desk.identity;
  try {
    return await report('done', await templates.save(personId, enrolled.embeddings, Date.now()));
  } catch (failure) {
    // The gateway may not know of it: it would count for nothing, and be deleted by nobody.
    await templates.delete(personId);
    throw failure;
  } finally {
    for (const embedding of enrolled.embeddings) embedding.fill(0);
  }
}

async function capture({ acknowledgesLicence, command, onProgress, packFolder }: EnrolFaceOptions): Promise<Enrolled | null> {
  const inference = await startInference({ folder: packFolder, acknowledgesLicence });
  let enrolled: Enrolled | null = null;
  let ticker: NodeJS.Timeout | undefined;
  try {
    await film(
      { command, inference, monotonicMs: () => performance.now() },
      {
        begin: (nowMs) => {
          const run = new EnrolmentRun({ liveMin01: inference.manifest.liveness.passiveMin01 }, nowMs);
          run.consent(true);
          ticker = setInterval(() => {
            const view = run.view();
            if (view.kind === 'enrols') onProgress({ taken: view.taken, of: view.of, say: view.say });
          }, TOLD_EVERY_MS);
          return run;
        },
        done: async (run) => (enrolled = await run.outcome),
      },
    );
    return enrolled;
  } finally {
    clearInterval(ticker);
    await inference.stop();
  }
}

/** Deletes the face, and tells the gateway: from then on nothing that this computer says of a face counts. @throws GatewayCallError */
export async function forgetFace({ folder, packFolder }: Pick<EnrolFaceOptions, 'folder' | 'packFolder'>): Promise<FaceReport['result']> {
  const { identity, link, sign } = await openDesk(folder);
  const templates = await openTemplateFolder(folder, (await readManifest(packFolder)).hash);
  const template = await templates.delete(identity.personId);
  const result = template === null ? 'nothing_there' : 'done';
  const said: FaceReport = { device: identity.deviceId, order: FORGOTTEN_ORDER, result, template };
  await link.reportFace(await sign(said, REPORT_TYPE));
  return result;
}
