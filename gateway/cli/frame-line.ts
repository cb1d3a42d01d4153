import type { LineFrame, LineReport, LineView } from '../ports/line-view.ts';
import type { Output } from './output.ts';

const NAME_WIDTH = 9;
const SECURITY: Readonly<Record<LineFrame['mac'], string>> = { none: 'clear', valid: 'MAC ok', wrong: 'MAC WRONG', unverified: 'MAC ?' };
const SECURITY_WIDTH = 16;

/** One line for one frame: time, direction and address, sequence, security, name, body in words, how long the answer took, what is wrong. */
export function toFrameLine(out: Output, view: LineView): string {
  const time = out.faint(toClockText(view.atMs));
  if (view.kind === 'broken') {
    return `${time} ?? ${pad(view.address)} ${out.bad(`broken frame of ${view.lengthBytes} bytes: wrong ${view.fault}`)}`;
  }
  const arrow = view.direction === 'command' ? '->' : '<-';
  const security = `${view.block === null ? '' : `${view.block} `}${isHandshake(view) ? 'handshake' : SECURITY[view.mac]}`;
  const parts = [
    `${time} ${arrow} ${pad(view.address)} s${view.sequence} ${security.padEnd(SECURITY_WIDTH)} ${view.name.padEnd(NAME_WIDTH)}`,
    view.text,
    view.isRepeat ? '(again)' : '',
    view.turnaroundMs === null ? '' : out.faint(`${view.turnaroundMs.toFixed(1)} ms`),
    view.anomalies.length === 0 ? '' : out.bad(`! ${view.anomalies.join(', ').replaceAll('_', ' ')}`),
  ];
  return parts
    .filter((part) => part !== '')
    .join(' ')
    .trimEnd();
}

/** A poll and its empty answer: nearly all of a line that is well. */
export function isIdle(view: LineView): boolean {
  if (view.kind === 'broken' || view.anomalies.length > 0) return false;
  return view.name === 'POLL' || (view.name === 'ACK' && view.answers === 'POLL');
}

export function printReport(out: Output, report: LineReport): void {
  out.line(`${report.frames} frames, ${report.badCheck} with a wrong check, ${report.noiseBytes} bytes of noise`);
  out.table(
    ['address', 'security', 'commands', 'replies', 'again', 'unanswered', 'NAK', 'BUSY', 'MAC ok', 'MAC wrong', 'answers in', 'says it is'],
    report.readers.map((reader) => [
      pad(reader.address),
      reader.security.replaceAll('_', ' '),
      `${reader.commands}`,
      `${reader.replies}`,
      `${reader.repeats}`,
      `${reader.unanswered}`,
      `${reader.naks}`,
      `${reader.busy}`,
      `${reader.macsValid}`,
      `${reader.macsWrong}`,
      reader.turnaround === null ? '-' : `${reader.turnaround.meanMs.toFixed(1)} ms (to ${reader.turnaround.maxMs.toFixed(1)})`,
      reader.identity ?? '-',
    ]),
  );
  for (const { address, anomalies } of report.readers) {
    const found = Object.entries(anomalies).map(([code, times]) => `${code.replaceAll('_', ' ')} ${times} x`);
    if (found.length > 0) out.line(out.bad(`address ${address}: ${found.join(', ')}`));
  }
}

function isHandshake({ block }: LineFrame): boolean {
  return block !== null && /^SCS_[12][1-4]$/.test(block);
}

function pad(address: number): string {
  return String(address).padStart(3);
}

/** Local time of the day, with milliseconds. */
function toClockText(epochMs: number): string {
  const local = new Date(epochMs - new Date(epochMs).getTimezoneOffset() * 60_000);
  return local.toISOString().slice(11, 23);
}
