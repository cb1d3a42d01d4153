import { ATTESTATION_TYPE } from '#gateway/domain/face/attestation.ts';
import { REPORT_TYPE, type FaceReport } from '#gateway/domain/face/report.ts';
import type { FrameResult } from '../capture/analyse-frame.ts';
import type { VerificationOutcome } from '../capture/verification.ts';
import type { PackManifest } from '../pack/manifest.ts';
import { attestationOf, NOBODY_SEEN } from './attestation-of.ts';
import type { CarriedFaces } from './carried-face.ts';
import type { CarrierName } from './carrier.ts';
import { EnrolmentRun } from './enrolment-run.ts';
import type { GatewayLink, Question, Task } from './gateway-link.ts';
import { looksLikeAnother } from './looks-like-another.ts';
import type { Phone } from './phone.ts';
import type { EnrolledFace } from './sealed-face.ts';
import type { TemplateFolder } from './template-folder.ts';
import { LAST_TASK_MS, WARNING_MS, type Consent, type LastTask, type TerminalView } from './terminal-view.ts';
import { VerificationRun } from './verification-run.ts';

export interface TerminalDeps {
  readonly deviceId: string;
  readonly packHash: string;
  readonly manifest: Pick<PackManifest, 'thresholds' | 'liveness'>;
  /** What a verification needs: `active` asks for a movement every time. */
  readonly needs: 'passive' | 'active';
  readonly templates: TemplateFolder;
  /** Absent where nobody can bring their face along. */
  readonly carried?: CarriedFaces;
  /** The one of them that the camera reads. */
  readonly phone?: Phone;
  readonly link: Pick<GatewayLink, 'attest' | 'report'>;
  readonly sign: (payload: unknown, typ: string) => Promise<string>;
  readonly nowMs: () => number;
  readonly monotonicMs: () => number;
}

export interface Look extends Pick<Question, 'personId' | 'nonce' | 'withinMs'> {
  readonly templateId: string;
}

type EnrolTask = Pick<Extract<Task, { readonly kind: 'enrol' | 'delete' }>, 'id' | 'personId' | 'storage'>;

type Run =
  | { readonly kind: 'verifies'; readonly run: VerificationRun }
  /** `carrier`: what the face is to be put on; null = it stays here. */
  | { readonly kind: 'enrols'; readonly run: EnrolmentRun; carrier: CarrierName | null };

/** One task at a time: what the gateway asks, what the camera shows, and the signed word about it. */
export class Terminal {
  readonly #deps: TerminalDeps;
  #now: Run | null = null;
  #isBlind = false;
  /** The camera failed while a phone was to be read. */
  #isPhoneUnseen = false;
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
    return this.#now !== null || this.#phoneView() !== null;
  }

  /** A look in which nobody can be seen ends at once, also those that are asked for until the camera is there again. */
  cameraChanged(isThere: boolean): void {
    this.#isBlind = !isThere;
    if (!isThere) this.cameraFailed();
  }

  /** It could not be opened for this look. */
  cameraFailed(): void {
    if (this.#now?.kind === 'verifies') this.#now.run.endBlind();
    this.#isPhoneUnseen ||= this.#phoneView() !== null;
    this.#deps.phone?.cancel();
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

  /** `no` also ends the wait for a phone. */
  consent(said: Consent): void {
    if (said === 'no') this.#deps.phone?.cancel();
    if (this.#now?.kind !== 'enrols') return;
    if (this.#now.carrier !== null && (said === 'card' || said === 'phone')) this.#now.carrier = said;
    this.#now.run.consent(said !== 'no');
  }

  tick(): void {
    this.#now?.run.tick(this.#deps.monotonicMs());
    this.#deps.phone?.tick();
  }

  view(): TerminalView {
    if (this.#now === null) {
      const { atMs, task } = this.#last;
      return (
        this.#phoneView() ?? {
          kind: 'idle',
          wantsFrames: false,
          last: this.#deps.monotonicMs() - atMs < (task === 'enrolled_alike' ? WARNING_MS : LAST_TASK_MS) ? task : null,
        }
      );
    }
    if (this.#now.kind === 'verifies') return { kind: 'verifies', wantsFrames: true, say: this.#now.run.guidance() };
    const view = this.#now.run.view();
    if (view.kind === 'enrols') return { ...view, wantsFrames: true };
    // What is agreed to is another thing.
    return { ...view, wantsFrames: false, ...(this.#now.carrier === null ? {} : { carriers: this.#deps.carried?.carriers ?? [] }) };
  }

  #phoneView() {
    return this.#deps.phone?.view() ?? null;
  }

  async #verify(question: Question): Promise<void> {
    const { link, monotonicMs, nowMs, sign, templates } = this.#deps;
    const receivedMs = monotonicMs();
    const kept = await templates.find(question.personId, nowMs());
    const face = kept ?? (await this.#carriedOf(question));
    const outcome = face === null ? null : await this.#look(question, face, receivedMs);
    const isMissing = face === null && question.carried === true;
    this.#show(outcome?.result === 'verified' ? 'recognised' : isMissing ? 'no_code' : 'not_recognised');
    const seen = outcome ?? { ...NOBODY_SEEN, result: this.#isPhoneUnseen ? 'camera_unavailable' : 'not_enrolled' };
    const by = { deviceId: this.#deps.deviceId, packHash: this.#deps.packHash, elapsedMs: monotonicMs() - receivedMs };
    await link.attest(await sign(attestationOf(question, seen, by), ATTESTATION_TYPE));
  }

  /** What cannot be asked about now is not there. */
  async #carriedOf(question: Question): Promise<EnrolledFace | null> {
    this.#isPhoneUnseen = this.#isBlind && question.carried === true;
    if (this.#isPhoneUnseen) return null;
    return (await this.#deps.carried?.find(question).catch(() => null)) ?? null;
  }

  async #look(question: Pick<Question, 'nonce' | 'withinMs'>, face: EnrolledFace, nowMs: number): Promise<VerificationOutcome> {
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

  async #enrol(task: EnrolTask): Promise<Omit<FaceReport, 'device' | 'order'>> {
    const { manifest, monotonicMs } = this.#deps;
    const run = new EnrolmentRun({ liveMin01: manifest.liveness.passiveMin01 }, monotonicMs());
    const now: Run = { kind: 'enrols', run, carrier: task.storage === 'carried' ? (this.#deps.carried?.carriers[0] ?? 'card') : null };
    this.#now = now;
    const enrolled = await run.outcome;
    this.#now = null;
    this.#show('not_enrolled');
    if (enrolled.result !== 'done') return { result: enrolled.result, template: null };
    try {
      const isAlike = await looksLikeAnother(this.#deps, task.personId, enrolled.embeddings);
      const { carrier } = now;
      const kept = await this.#keep(task, carrier, enrolled.embeddings);
      if (kept === null) return { result: 'failed', template: null };
      this.#show(isAlike ? 'enrolled_alike' : carrier === null ? 'enrolled' : `enrolled_${carrier}`);
      return { result: 'done', ...kept };
    } catch {
      return { result: 'failed', template: null }; // A full or broken disk: the person is told, and nobody is half enrolled.
    } finally {
      for (const embedding of enrolled.embeddings) embedding.fill(0);
    }
  }

  /** Here, or on what the person brings and nowhere else. Null: it did not take it. */
  async #keep(
    { id, personId }: EnrolTask,
    carrier: CarrierName | null,
    embeddings: readonly Float32Array[],
  ): Promise<Pick<FaceReport, 'template' | 'blob_sha256'> | null> {
    const { carried, nowMs, templates } = this.#deps;
    if (carrier === null) return { template: await templates.save(personId, embeddings, nowMs()) };
    const kept = (await carried?.enrol({ orderId: id, personId, carrier }, embeddings)) ?? null;
    if (kept !== null) await templates.delete(personId);
    return kept;
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
