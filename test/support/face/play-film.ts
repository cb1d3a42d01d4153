/** A camera that plays a file of JPEGs over and over, ten a second, as the capture command of a desk agent: `node play-film.ts FILE`. */
import { readFile } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { PictureSplitter } from '#face-model/camera/split-pictures.ts';

const FRAME_MS = 100;
const [, , file = ''] = process.argv;
const pictures = new PictureSplitter().push(await readFile(file));
const startedMs = performance.now();
for (let number = 0; ;) {
  const picture = pictures[number % pictures.length];
  if (picture !== undefined) process.stdout.write(picture);
  // By the clock: on a machine that has much to do pictures are left out, and the film takes no longer.
  number = Math.max(number + 1, Math.floor((performance.now() - startedMs) / FRAME_MS));
  await pause(Math.max(0, startedMs + number * FRAME_MS - performance.now()));
}
