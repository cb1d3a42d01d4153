import { buildIfStale } from '#admin-ui/build-if-stale.ts';

/** Runs once before the tests in a browser: two files that build at once would serve each other halves. */
export default async function setup(): Promise<void> {
  await buildIfStale();
}
