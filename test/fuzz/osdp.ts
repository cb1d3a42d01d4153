import { parseArgs } from 'node:util';
import { fuzzOsdp } from './osdp/fuzz-osdp.ts';

const FRAMES = 10_000_000;
/** What the process may grow by; V8 collects late, so this is far above what is held. */
const GROWTH_MAX_MB = 256;

const { values } = parseArgs({
  args: process.argv.slice(2),
  allowPositionals: true,
  options: { frames: { type: 'string' }, seed: { type: 'string' } },
});
const result = fuzzOsdp({ frames: Number(values.frames ?? FRAMES), seed: Number(values.seed ?? Date.now() % 0xffffffff) });
for (const reason of result.reasons) console.error(reason);
console.log(
  JSON.stringify({
    frames: result.frames,
    accepted: result.accepted,
    crashes: result.crashes,
    rss_start_mb: result.rssStartMb,
    rss_max_mb: result.rssMaxMb,
    seconds: result.seconds,
    seed: result.seed,
  }),
);
if (result.crashes > 0 || result.rssMaxMb - result.rssStartMb > GROWTH_MAX_MB) process.exitCode = 1;
