/** Programmer errors only: the request crashes, the process goes on. */
export function assertNever(value: never): never {
  throw new TypeError(`unreachable: ${JSON.stringify(value)}`);
}
