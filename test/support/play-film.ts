/** A camera that plays a file of JPEGs over and over, ten a second, as the capture command of a desk agent: `node play-film.ts FILE`. */
import { readFile } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { PictureSplitter } from '#face-model/camera/split-pictures.ts';

const FRAME_MS = 100;
const [, , file = ''] = process.argv;
const pictures = new PictureSplitter().push(await readFile(file));
for (;;) {
  for (const picture of pictures) {
    process.stdout.write(picture);
    await pause(FRAME_MS);
  }
}
