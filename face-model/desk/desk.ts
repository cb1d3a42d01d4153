import { DESK_ATTESTATION_TYPE, type DeskAttestation } from '#gateway/domain/desk/desk-attestation.ts';
import type { DeskChallenge } from '#gateway/domain/desk/desk-challenge.ts';
import { ATTESTATION_LIFE_MS_MAX } from '#gateway/domain/face/attestation.ts';
import type { VerificationOutcome } from '../capture/verification.ts';
import type { Inference } from '../terminal/inference.ts';
import type { TemplateFolder } from '../terminal/template-folder.ts';
import { VerificationRun, type Guidance } from '../terminal/verification-run.ts';
import type { DeskLink } from './desk-link.ts';
import { film, type FilmDeps } from './film.ts';
import type { VerifyChallenge } from './verify-challenge.ts';

/** What a page is told when it hands a challenge over. What comes of it, it asks the gateway. */
export type Asked = 'begun' | 'busy' | Extract<Awaited<ReturnType<VerifyChallenge>>, { ok: false }>['fault'];
export type DeskEvent = 'desk.looks' | 'desk.answered' | 'desk.refused' | 'desk.camera_failed' | 'desk.gateway_unreachable';

/** The eye of this computer; null where it has none: then it only says which computer it is. */
export interface DeskEye extends Pick<FilmDeps, 'command'> {
  readonly inference: Pick<Inference, 'analyse' | 'manifest' | 'packHash'>;
  readonly templates: Pick<TemplateFolder, 'find'>;
  readonly needs: 'passive' | 'active';
}

export interface DeskDeps {
  readonly deviceId: string;
  readonly verify: VerifyChallenge;
  readonly eye: DeskEye | null;
  readonly sign: (payload: DeskAttestation, typ: string) => Promise<string>;
  readonly link: Pick<DeskLink, 'attest'>;
  /** Told before the answer: the gateway decides by both. */
  readonly tellPosture: () => Promise<void>;
  readonly nowMs: () => number;
  readonly monotonicMs: () => number;
  readonly onEvent: (event: DeskEvent) => void;
}

/** One look at a time, for a page of this computer's own gateway. */
export class Desk {
  readonly #deps: DeskDeps;
  #now: { readonly nonce: string; run: VerificationRun | null } | null = null;

  constructor(deps: DeskDeps) {
    this.#deps = deps;
  }

  /** Verified before the camera's light goes on. */
  async ask(jwt: string): Promise<Asked> {
    const verified = await this.#deps.verify(jwt);
    if (!verified.ok) return verified.fault;
    if (this.#now !== null) return 'busy';
    const { challenge } = verified;
    this.#now = { nonce: challenge.nonce, run: null };
    // The page goes on at once; a failure is told as an event, and to the person by the gateway's silence.
    void this.#answer(challenge, this.#deps.monotonicMs())
      .catch(() => this.#deps.onEvent('desk.gateway_unreachable'))
      .finally(() => (this.#now = null));
    return 'begun';
  }

  /** What to show the person whose look this is; null = nothing is going on under this nonce. */
  guidance(nonce: string): Guidance | 'wait' | null {
    if (this.#now?.nonce !== nonce) return null;
    return this.#now.run?.guidance() ?? 'wait';
  }

  async #answer(challenge: DeskChallenge, receivedMs: number): Promise<void> {
    const { link, onEvent, sign, tellPosture } = this.#deps;
    const posture = tellPosture();
    const claims = challenge.purpose === 'login' ? await this.#look(challenge) : null;
    await posture;
    const refusal = await link.attest(await sign(this.#attestation(challenge, claims, receivedMs), DESK_ATTESTATION_TYPE));
    onEvent(refusal === null ? 'desk.answered' : 'desk.refused');
  }

  async #look(challenge: DeskChallenge): Promise<Look> {
    const { eye, monotonicMs, nowMs, onEvent } = this.#deps;
    const face = eye === null ? null : await eye.templates.find(challenge.subject, nowMs());
    const pack = eye?.inference.packHash ?? NO_PACK;
    if (eye === null || face === null) return { ...NOBODY, result: 'not_enrolled', pack, template: null };
    onEvent('desk.looks');
    const { enrolImages, templateId } = face;
    const request = {
      nonce: challenge.nonce,
      scoreOf: (probe: Float32Array) => face.similarityTo(probe),
      enrolImages,
      needs: eye.needs,
      manifest: eye.inference.manifest,
    };
    try {
      let outcome: VerificationOutcome | null = null;
      const isSeen = await film(
        { command: eye.command, inference: eye.inference, monotonicMs },
        {
          begin: (startMs) => {
            const run = new VerificationRun(request, { nowMs: startMs, withinMs: challenge.within_ms });
            if (this.#now !== null) this.#now.run = run;
            return run;
          },
          done: async (run) => (outcome = await run.outcome),
        },
      );
      if (!isSeen) onEvent('desk.camera_failed');
      const { band, liveness, result } = outcome ?? NOBODY;
      return { band, liveness, result, pack, template: templateId };
    } finally {
      face.close();
    }
  }

  /** Times count on from the gateway's own: this computer's clock may be wrong. */
  #attestation({ asked_at_ms, nonce, subject }: DeskChallenge, look: Look | null, receivedMs: number): DeskAttestation {
    const issued_at_ms = asked_at_ms + Math.floor(this.#deps.monotonicMs() - receivedMs);
    const common = { device: this.#deps.deviceId, subject, nonce, issued_at_ms, expires_at_ms: issued_at_ms + ATTESTATION_LIFE_MS_MAX };
    return look === null ? { purpose: 'device', ...common } : { purpose: 'login', ...common, ...look };
  }
}

type Look = Pick<Extract<DeskAttestation, { purpose: 'login' }>, 'result' | 'band' | 'liveness' | 'pack' | 'template'>;
/** Of a computer without models: it says that nobody is enrolled there. */
const NO_PACK = '0'.repeat(64);
const NOBODY = { result: 'no_face', band: 'below', liveness: 'none' } as const;
