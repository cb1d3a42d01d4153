import { loadavg } from 'node:os';
import { CARDS, option, table } from '#test/support/readers/osdp-bench-options.ts';
import { type BenchController, type ControllerEvents, startGatehouse, startLibosdp } from '#test/support/readers/osdp-controllers.ts';
import { framesPerSecond } from '#test/support/readers/osdp-frames-per-second.ts';
import { LINES, type LineName, type LineRow, TURNAROUND_MS, measureLine } from '#test/support/readers/osdp-line-bench.ts';
import type { TimedLine } from '#adapters/osdp/simulator/timed-line.ts';

/*
 * A controller against simulated readers with secure channel on a line that takes its wire time (ten bits a byte, marks, two idle characters),
 * in a process of its own. polls_per_s is of the whole line; card is shown -> read; unlock is ordered -> relay moved. The same readers, line and
 * cards for libosdp. `--cards N` each row, `--lines 115200,tcp`, `--readers 1,8,32`, `--without-libosdp`.
 */
type Start = (line: TimedLine, readers: number, events: ControllerEvents) => Promise<BenchController | null>;

const lines = (option('lines') ?? Object.keys(LINES).join(',')).split(',').filter((name): name is LineName => name in LINES);
const readerCounts = (option('readers') ?? '1,8,32').split(',').map(Number);
const cards = Number(option('cards') ?? CARDS);

async function measureAll(start: Start): Promise<LineRow[] | null> {
  const rows: LineRow[] = [];
  for (const line of lines) {
    for (const readers of readerCounts) {
      const row = await measureLine(line, readers, { cards, start });
      if (row === null) return null;
      rows.push(row);
    }
  }
  return rows;
}

const frames = framesPerSecond();
const frames2 = framesPerSecond(2);
const rows = (await measureAll(startGatehouse)) ?? [];
const libosdpRows = process.argv.includes('--without-libosdp') ? null : await measureAll(startLibosdp);
const libosdp = libosdpRows === null ? null : { rows: libosdpRows };
const conditions = { turnaround_ms: TURNAROUND_MS, cards, load_average: loadavg().map((load) => Number(load.toFixed(1))) };

if (process.argv.includes('--json')) {
  console.log(JSON.stringify({ frames_per_s: frames, frames_per_s_channel_2: frames2, rows, libosdp, ...conditions }));
} else {
  console.log(`frames_per_s ${frames}, secure channel 2 ${frames2}  ${JSON.stringify(conditions)}\n\ngatehouse\n${table(rows)}`);
  console.log(`\nlibosdp\n${libosdp === null ? 'not measured' : table(libosdp.rows)}`);
}
