/** Milliseconds of the system's monotonic clock, which all processes of a machine share; `performance.now()` begins anew in each. */
export function monotonicMs(): number {
  return Number(process.hrtime.bigint()) / 1_000_000;
}
