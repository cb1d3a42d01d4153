import { checkNodeVersion } from '#gateway/platform/preconditions.ts';

/** Runs once before all tests: an older Node fails in ways that do not name it. */
export default function setup(): void {
  const problem = checkNodeVersion(process.versions.node);
  if (problem !== null) throw new Error(problem);
}
