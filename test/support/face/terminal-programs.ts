import { join } from 'node:path';

/** A reader of the terminal's own, which says what is written into a file, and a lock that is one. */
const BADGES =
  "const f=require('fs'),p=process.ppid;setInterval(()=>{if(process.ppid!==p)process.exit();try{process.stdout.write(f.readFileSync(process.argv[1]));f.rmSync(process.argv[1])}catch{}},50)";
const RELEASE = "require('fs').appendFileSync(process.argv[1],process.env.GATEHOUSE_RELEASE_MS+';')";
/** A card: what is held to the terminal. */
const CARD_READ = "process.stdout.write(require('fs').readFileSync(process.argv[1]))";
const CARD_WRITE = "process.stdin.pipe(require('fs').createWriteStream(process.argv[1]))";

/** Files in the folder stand for what is beside a terminal; `args` for `gatehouse terminal run`. */
export function terminalPrograms(folder: string) {
  const [badges, card, lock] = [join(folder, 'badges'), join(folder, 'card'), join(folder, 'lock')];
  const run = (script: string, path: string): string => `${process.execPath} -e "${script}" ${path}`;
  const cards = ['--card-read', run(CARD_READ, card), '--card-write', run(CARD_WRITE, card)];
  return { badges, card, lock, args: ['--badges', run(BADGES, badges), '--release', run(RELEASE, lock), ...cards] };
}
