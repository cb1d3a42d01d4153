import type { FaceDeviceId } from '../../domain/site/ids.ts';
import type { TerminalCamera } from '../../ports/face-point.ts';

/** What terminals said, kept for the console: of each the last few. */
export const OUTCOMES_KEPT_MAX = 5;

export interface TerminalOutcome {
  readonly atMs: number;
  /** Result of a look or of an order, or the reason why its word was refused. Never about whom. */
  readonly result: string;
}

export interface TerminalSighting {
  readonly seenAtMs: number | null;
  /** As it said last. */
  readonly camera: TerminalCamera;
  /** The last one first. */
  readonly outcomes: readonly TerminalOutcome[];
}
const NEVER: TerminalSighting = { seenAtMs: null, camera: 'unknown', outcomes: [] };

/** In memory since the gateway began: the log has all of it. Only enrolled terminals get here, so that there are FACE_DEVICES_MAX at most. */
export class TerminalSightings {
  readonly #sightings = new Map<FaceDeviceId, TerminalSighting>();

  of(id: FaceDeviceId): TerminalSighting {
    return this.#sightings.get(id) ?? NEVER;
  }

  seen(id: FaceDeviceId, { atMs, camera }: { readonly atMs: number; readonly camera: TerminalCamera }): void {
    this.#sightings.set(id, { ...this.of(id), seenAtMs: atMs, camera });
  }

  said(id: FaceDeviceId, outcome: TerminalOutcome): void {
    const { camera, outcomes } = this.of(id);
    this.#sightings.set(id, { camera, seenAtMs: outcome.atMs, outcomes: [outcome, ...outcomes].slice(0, OUTCOMES_KEPT_MAX) });
  }
}
