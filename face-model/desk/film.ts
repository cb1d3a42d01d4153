import { openCamera } from '../camera/capture-command.ts';
import type { FrameResult } from '../capture/analyse-frame.ts';
import type { Inference } from '../terminal/inference.ts';

/** A camera that shows nothing for so long is none, ms. */
export const FIRST_PICTURE_MS_MAX = 8_000;
const TICK_MS = 100;

/** What a look and an enrolment have in common. */
export interface FilmRun {
  onFrame(frame: FrameResult, atMs: number): void;
  tick(nowMs: number): void;
}

export interface FilmDeps {
  readonly command: readonly [string, ...string[]];
  readonly inference: Pick<Inference, 'analyse'>;
  readonly monotonicMs: () => number;
}

/**
 * Feeds a run with pictures of the camera until `done`. The run begins with the first picture: a camera takes a second to wake up, which is
 * not the person's time. False: the camera showed nothing.
 */
export async function film<Run extends FilmRun>(
  { command, inference, monotonicMs }: FilmDeps,
  { begin, done }: { readonly begin: (nowMs: number) => Run; readonly done: (run: Run) => Promise<unknown> },
): Promise<boolean> {
  const { promise: begun, resolve } = Promise.withResolvers<Run | null>();
  let run: Run | null = null;
  const camera = openCamera(command, (picture) => {
    if (run === null) {
      run = begin(monotonicMs());
      resolve(run);
    }
    const to = run;
    // While an earlier one is looked at it is passed over: a camera sends the next soon.
    void inference.analyse(picture).then((result) => {
      if (result !== null) to.onFrame(result, monotonicMs());
    });
  });
  void camera.ended.then(() => resolve(run));
  const timer = setTimeout(() => resolve(run), FIRST_PICTURE_MS_MAX);
  const ticker = setInterval(() => run?.tick(monotonicMs()), TICK_MS);
  try {
    const started = await begun;
    if (started === null) return false;
    await done(started);
    return true;
  } finally {
    clearTimeout(timer);
    clearInterval(ticker);
    await camera.close();
  }
}
