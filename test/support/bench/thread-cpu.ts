import { readdirSync, readFileSync } from 'node:fs';

/** Linux counts the time of threads in hundredths of a second. */
const TICK_US = 10_000;

/** Where these are in /proc/PID/task/TID/stat, counted behind the name, which is in brackets. */
const USER_TICKS = 11;
const SYSTEM_TICKS = 12;

/** CPU time that each thread of a process has used, microseconds by thread id; empty where the system does not tell. */
export function threadCpuUs(pid: number): ReadonlyMap<string, number> {
  try {
    const folder = `/proc/${String(pid)}/task`;
    return new Map(readdirSync(folder).map((thread) => [thread, cpuUsOf(readFileSync(`${folder}/${thread}/stat`, 'utf8'))]));
  } catch {
    return new Map();
  }
}

function cpuUsOf(stat: string): number {
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[USER_TICKS]) + Number(fields[SYSTEM_TICKS])) * TICK_US;
}

export interface CpuOfThreads {
  /** The one that has the process's id. */
  readonly mainUs: number;
  readonly othersUs: number;
}

/** What the threads used between two looks. */
export function cpuBetween(pid: number, before: ReadonlyMap<string, number>, after: ReadonlyMap<string, number>): CpuOfThreads {
  let [mainUs, othersUs] = [0, 0];
  for (const [thread, us] of after) {
    const used = us - (before.get(thread) ?? 0);
    if (thread === String(pid)) mainUs += used;
    else othersUs += used;
  }
  return { mainUs, othersUs };
}
