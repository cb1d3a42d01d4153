import { ATTESTATION_TYPE, type FaceAttestation } from '#gateway/domain/face/attestation.ts';
import { REPORT_TYPE, type FaceReport } from '#gateway/domain/face/report.ts';
import type { FrameResult } from '../capture/analyse-frame.ts';
import { bandOf, meanOf, type VerificationOutcome } from '../capture/verification.ts';
import type { PackManifest } from '../pack/manifest.ts';
import type { CarriedFaces } from './carried-face.ts';
import { EnrolmentRun, type EnrolmentView } from './enrolment-run.ts';
import type { GatewayLink, Question, Task } from './gateway-link.ts';
import type { TemplateFolder } from './template-folder.ts';
import { VerificationRun, type Guidance } from './verification-run.ts';

export interface TerminalDeps {
  readonly deviceId: string;
  readonly packHash: string;
  readonly manifest: Pick<PackManifest, 'thresholds' | 'liveness'>;
  /** What a verification needs: `active` asks for a movement every time. */
  readonly needs: 'passive' | 'active';
  readonly templates: TemplateFolder;
  /** Absent where nobody can hold a card to the terminal. */
  readonly carried?: CarriedFaces;
  readonly link: Pick<GatewayLink, 'attest' | 'report'>;
  readonly sign: (payload: unknown, typ: string) => Promise<string>;
  readonly nowMs: () => number;
  readonly monotonicMs: () => number;
}

/** What the page shows. The camera runs only where `wantsFrames`. */
export type TerminalView =
  | { readonly kind: 'idle'; readonly wantsFrames: false; readonly last: LastTask }
  | { readonly kind: 'verifies'; readonly wantsFrames: true; readonly say: Guidance }
  | { readonly kind: 'asks_consent'; readonly wantsFrames: false; readonly storage?: 'carried' }
  | (Extract<EnrolmentView, { readonly kind: 'enrols' }> & { readonly wantsFrames: true });

/** What came of the task before, for a moment; nothing about why a face was not recognised, which would help whoever tries. */
export type LastTask = 'recognised' | 'not_recognised' | 'enrolled' | 'enrolled_carried' | 'enrolled_alike' | 'not_enrolled' | null;
/** How long that is shown, ms. A warning has to be read. */
export const LAST_TASK_MS = 4_000;
export const WARNING_MS = 12_000;

export interface Look extends Pick<Question, 'personId' | 'nonce' | 'withinMs'> {
  readonly templateId: string;
}

type EnrolTask = Pick<Extract<Task, { readonly kind: 'enrol' | 'delete' }>, 'id' | 'personId' | 'storage'>;

type Run =
  | { readonly kind: 'verifies'; readonly run: VerificationRun }
  | { readonly kind: 'enrols'; readonly run: EnrolmentRun; readonly storage: EnrolTask['storage'] };

/** One task at a time: what the gateway asks, what the camera shows, and the signed word about it. */
export class Terminal {
  readonly #deps: TerminalDeps;
  #now: Run | null = null;
  #isBlind = false;
  #before: Promise<unknown> = Promise.resolve();
  #last: { readonly task: LastTask; readonly atMs: number } = { task: null, atMs: 0 };

  constructor(deps: TerminalDeps) {
    this.#deps = deps;
  }

  /** Resolves when the gateway has the answer. @throws GatewayCallError it has not: whoever stands at the door badges again */
  perform(task: Task): Promise<void> {
    return this.#inTurn(() => this.#perform(task));
  }

  /** One look that the gateway did not ask for. Null: this very template is not kept here, or counts no more. */
  recognise(asked: Look): Promise<VerificationOutcome | null> {
    return this.#inTurn(async () => {
      const { monotonicMs, nowMs, templates } = this.#deps;
      const receivedMs = monotonicMs();
      const face = await templates.find(asked.personId, nowMs());
      if (face !== null && face.templateId !== asked.templateId) face.close();
      const outcome = face?.templateId === asked.templateId ? await this.#look(asked, face, receivedMs) : null;
      this.#show(outcome?.result === 'verified' ? 'recognised' : 'not_recognised');
      return outcome;
    });
  }

  /** Somebody is before the camera. */
  isBusy(): boolean {
    return this.#now !== null;
  }

  /** A look in which nobody can be seen ends at once, also those that are asked for until the camera is there again. */
  cameraChanged(isThere: boolean): void {
    this.#isBlind = !isThere;
    if (!isThere) this.cameraFailed();
  }

  /** It could not be opened for this look. */
  cameraFailed(): void {
    if (this.#now?.kind === 'verifies') this.#now.run.endBlind();
  }

  /** There is one camera. */
  #inTurn<Done>(work: () => Promise<Done>): Promise<Done> {
    const done = this.#before.catch(() => undefined).then(work);
    this.#before = done;
    return done;
  }

  async #perform(task: Task): Promise<void> {
    if (task.kind === 'verify') return this.#verify(task.question);
    const outcome = task.kind === 'enrol' ? await this.#enrol(task) : await this.#forget(task.personId);
    const report: FaceReport = { device: this.#deps.deviceId, order: task.id, ...outcome };
    try {
      await this.#deps.link.report(await this.#deps.sign(report, REPORT_TYPE));
    } catch (failure) {
      // In no book of the gateway it would be used and never deleted. The order is given again.
      if (task.kind === 'enrol' && (await this.#forget(task.personId)).result === 'done') this.#show('not_enrolled');
      throw failure;
    }
  }

  /** The frame's embedding belongs to the terminal from here on. */
  onFrame(frame: FrameResult): void {
    if (this.#now === null && frame.kind === 'face') frame.embedding.fill(0);
    this.#now?.run.onFrame(frame, this.#deps.monotonicMs());
  }

  consent(agrees: boolean): void {
    if (this.#now?.kind === 'enrols') this.#now.run.consent(agrees);
  }

  tick(): void {
    this.#now?.run.tick(this.#deps.monotonicMs());
  }

  view(): TerminalView {
    if (this.#now === null) {
      const { atMs, task } = this.#last;
      return {
        kind: 'idle',
        wantsFrames: false,
        last: this.#deps.monotonicMs() - atMs < (task === 'enrolled_alike' ? WARNING_MS : LAST_TASK_MS) ? task : null,
      };
    }
    if (this.#now.kind === 'verifies') return { kind: 'verifies', wantsFrames: true, say: this.#now.run.guidance() };
    const view = this.#now.run.view();
    if (view.kind === 'enrols') return { ...view, wantsFrames: true };
    // What is agreed to is another thing.
    return { ...view, wantsFrames: false, ...(this.#now.storage === 'carried' ? { storage: 'carried' } : {}) };
  }

  async #verify(question: Question): Promise<void> {
    const { link, monotonicMs, nowMs, sign, templates } = this.#deps;
    const receivedMs = monotonicMs();
    // A card that cannot be asked about now is no card.
    const carried = async () => (await this.#deps.carried?.find(question).catch(() => null)) ?? null;
    const face = (await templates.find(question.personId, nowMs())) ?? (await carried());
    const outcome = face === null ? null : await this.#look(question, face, receivedMs);
    this.#show(outcome?.result === 'verified' ? 'recognised' : 'not_recognised');
    const jws = await sign(this.#attestation(question, outcome, monotonicMs() - receivedMs), ATTESTATION_TYPE);
    await link.attest(jws);
  }

  async #look(
    question: Pick<Question, 'nonce' | 'withinMs'>,
    face: NonNullable<Awaited<ReturnType<TemplateFolder['find']>>>,
    nowMs: number,
  ): Promise<VerificationOutcome> {
    const { manifest, needs } = this.#deps;
    const { enrolImages } = face;
    const scoreOf = (probe: Float32Array): number => face.similarityTo(probe);
    const run = new VerificationRun(
      { nonce: question.nonce, scoreOf, enrolImages, needs, manifest },
      { nowMs, withinMs: question.withinMs },
    );
    this.#now = { kind: 'verifies', run };
    if (this.#isBlind) run.endBlind();
    try {
      return await run.outcome;
    } finally {
      this.#now = null;
      face.close();
    }
  }

  /** Times count on from the gateway's own: a terminal's clock may be wrong. */
  #attestation(question: Question, outcome: VerificationOutcome | null, elapsedMs: number): FaceAttestation {
    const { askedAtMs, doorId, nonce, personId, readerId, withinMs } = question;
    return {
      device: this.#deps.deviceId,
      subject: personId,
      door: doorId,
      reader: readerId,
      nonce,
      result: outcome?.result ?? 'not_enrolled',
      band: outcome?.band ?? 'below',
      liveness: outcome?.liveness ?? 'none',
      pack: this.#deps.packHash,
      issued_at_ms: askedAtMs + Math.floor(elapsedMs),
      expires_at_ms: askedAtMs + withinMs,
    };
  }

  async #enrol(task: EnrolTask): Promise<Omit<FaceReport, 'device' | 'order'>> {
    const { manifest, monotonicMs } = this.#deps;
    const run = new EnrolmentRun({ liveMin01: manifest.liveness.passiveMin01 }, monotonicMs());
    this.#now = { kind: 'enrols', run, storage: task.storage };
    const enrolled = await run.outcome;
    this.#now = null;
    this.#show('not_enrolled');
    if (enrolled.result !== 'done') return { result: enrolled.result, template: null };
    try {
      const isAlike = await this.#looksLikeAnother(task.personId, enrolled.embeddings);
      const kept = await this.#keep(task, enrolled.embeddings);
      if (kept === null) return { result: 'failed', template: null };
      this.#show(isAlike ? 'enrolled_alike' : task.storage === 'carried' ? 'enrolled_carried' : 'enrolled');
      return { result: 'done', ...kept };
    } catch {
      return { result: 'failed', template: null }; // A full or broken disk: the person is told, and nobody is half enrolled.
    } finally {
      for (const embedding of enrolled.embeddings) embedding.fill(0);
    }
  }

  /** Here, or on the person's card and nowhere else. Null: the card did not take it. */
  async #keep(
    { id, personId, storage }: EnrolTask,
    embeddings: readonly Float32Array[],
  ): Promise<Pick<FaceReport, 'template' | 'blob_sha256'> | null> {
    const { carried, nowMs, templates } = this.#deps;
    if (storage !== 'carried') return { template: await templates.save(personId, embeddings, nowMs()) };
    const kept = (await carried?.enrol(id, personId, embeddings)) ?? null;
    if (kept !== null) await templates.delete(personId);
    return kept;
  }

  /** Told to whoever stands here, and to nobody else: a twin has the same face, and the gateway is to learn nothing of who looks like whom. */
  async #looksLikeAnother(personId: string, embeddings: readonly Float32Array[]): Promise<boolean> {
    const { manifest, nowMs, templates } = this.#deps;
    const mean = meanOf(embeddings);
    if (mean === null) return false;
    let isAlike = false;
    for await (const face of templates.others(personId, nowMs())) {
      const { enrolImages } = face;
      const band = bandOf(face.similarityTo(mean), { enrolImages, probeFrames: embeddings.length, thresholds: manifest.thresholds });
      face.close();
      isAlike ||= band === 'standard' || band === 'high';
    }
    mean.fill(0);
    return isAlike;
  }

  #show(task: LastTask): void {
    this.#last = { task, atMs: this.#deps.monotonicMs() };
  }

  async #forget(personId: string): Promise<Pick<FaceReport, 'result' | 'template'>> {
    const template = await this.#deps.templates.delete(personId).catch(() => undefined);
    if (template === undefined) return { result: 'failed', template: null };
    return template === null ? { result: 'nothing_there', template: null } : { result: 'done', template };
  }
}
