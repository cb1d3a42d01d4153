import { openCamera, type OpenCamera } from '../camera/capture-command.ts';

/** A camera that is running and gives no picture for this long is started anew, ms. */
export const SILENCE_MS_MAX = 8_000;
/** Pauses before it is started again, ms: the last one from then on. A picture begins them anew. */
export const RESTART_PAUSES_MS = [250, 500, 1_000, 2_000, 5_000, 10_000, 30_000] as const;
/** Without a picture for this long the terminal has no camera, ms. */
export const LOST_AFTER_MS = 2_000;

export interface CameraOptions {
  readonly command: readonly [string, ...string[]];
  /** A JPEG as the camera made it; the receiver zeroes it. */
  readonly onPicture: (picture: Uint8Array<ArrayBuffer>) => void;
  readonly onEvent: (event: 'terminal.camera_found' | 'terminal.camera_lost') => void;
  readonly monotonicMs: () => number;
  /** Absent: the command is run. */
  readonly open?: typeof openCamera;
}

/** Runs the capture command for as long as the terminal runs, and again whenever it ends or falls silent: who waits at a door has no time for a camera that wakes up. */
export class Camera {
  readonly #options: CameraOptions;
  #running: OpenCamera | null = null;
  #isThere = false;
  #isStopped = false;
  #failures = 0;
  #startAtMs: number;
  /** Of the last picture, or of the start. */
  #heardAtMs: number;

  constructor(options: CameraOptions) {
    this.#options = options;
    this.#startAtMs = this.#heardAtMs = options.monotonicMs();
    this.tick();
  }

  /** A picture came a moment ago. */
  isThere(): boolean {
    return this.#isThere;
  }

  /** Times of the camera go on by it; due ten times a second. */
  tick(): void {
    const nowMs = this.#options.monotonicMs();
    if (this.#isThere && nowMs - this.#heardAtMs > LOST_AFTER_MS) {
      this.#isThere = false;
      this.#options.onEvent('terminal.camera_lost');
    }
    if (this.#isStopped) return;
    if (this.#running === null && nowMs >= this.#startAtMs) this.#start(nowMs);
    else if (this.#running !== null && nowMs - this.#heardAtMs > SILENCE_MS_MAX) {
      this.#heardAtMs = nowMs; // Once: it takes a while to end.
      void this.#running.close();
    }
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    await this.#running?.close();
  }

  #start(nowMs: number): void {
    const { command, open = openCamera } = this.#options;
    this.#heardAtMs = nowMs;
    const started = open(command, (picture) => this.#onPicture(picture));
    this.#running = started;
    void started.ended.then(() => {
      this.#running = null;
      this.#startAtMs = this.#options.monotonicMs() + (RESTART_PAUSES_MS[Math.min(this.#failures, RESTART_PAUSES_MS.length - 1)] ?? 0);
      this.#failures += 1;
    });
  }

  #onPicture(picture: Uint8Array<ArrayBuffer>): void {
    this.#heardAtMs = this.#options.monotonicMs();
    this.#failures = 0;
    if (!this.#isThere) this.#options.onEvent('terminal.camera_found');
    this.#isThere = true;
    this.#options.onPicture(picture);
  }
}
