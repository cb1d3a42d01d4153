import { describe, expect, it } from 'vitest';
import { Camera, LOST_AFTER_MS, RESTART_PAUSES_MS, SILENCE_MS_MAX } from '#face-model/terminal/camera.ts';

function rig() {
  let nowMs = 0;
  const starts: number[] = [];
  const events: string[] = [];
  const pictures: number[] = [];
  let end = (): void => undefined;
  let give: (picture: Uint8Array<ArrayBuffer>) => void = () => undefined;
  const camera = new Camera({
    command: ['film'],
    monotonicMs: () => nowMs,
    onEvent: (event) => void events.push(event),
    onPicture: ({ length }) => void pictures.push(length),
    open: (_command, onPicture) => {
      starts.push(nowMs);
      const { promise: ended, resolve } = Promise.withResolvers<void>();
      [end, give] = [resolve, onPicture];
      return { ended, close: async () => resolve() };
    },
  });
  const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
  return {
    camera,
    starts,
    events,
    pictures,
    picture: () => give(Uint8Array.of(1)),
    breaks: async () => {
      end();
      await settle();
    },
    pass: async (ms: number) => {
      nowMs += ms;
      camera.tick();
      await settle();
    },
  };
}

describe('a camera', () => {
  it('is there with its first picture, and lost when none came for a while', async () => {
    const { camera, events, pass, picture, pictures } = rig();
    expect(camera.isThere()).toBe(false);
    picture();
    expect(camera.isThere()).toBe(true);
    await pass(LOST_AFTER_MS);
    expect(camera.isThere()).toBe(true);
    await pass(1);
    expect(camera.isThere()).toBe(false);
    picture();
    expect(events).toEqual(['terminal.camera_found', 'terminal.camera_lost', 'terminal.camera_found']);
    expect(pictures).toEqual([1, 1]);
  });

  it('is started again after pauses that grow, and at once after it had shown something', async () => {
    const { breaks, pass, picture, starts } = rig();
    for (const pauseMs of [...RESTART_PAUSES_MS, RESTART_PAUSES_MS.at(-1) ?? 0]) {
      const before = starts.length;
      await breaks();
      await pass(pauseMs - 1);
      expect(starts).toHaveLength(before);
      await pass(1);
      expect(starts).toHaveLength(before + 1);
    }
    picture();
    await breaks();
    await pass(RESTART_PAUSES_MS[0]);
    expect(starts).toHaveLength(RESTART_PAUSES_MS.length + 3);
  });

  it('is started anew when it runs and shows nothing', async () => {
    const { pass, starts } = rig();
    await pass(SILENCE_MS_MAX);
    await pass(1);
    await pass(RESTART_PAUSES_MS[0]);
    expect(starts).toHaveLength(2);
  });

  it('is started no more once it was stopped', async () => {
    const { camera, pass, starts } = rig();
    await camera.stop();
    await pass(60_000);
    expect(starts).toHaveLength(1);
  });
});
