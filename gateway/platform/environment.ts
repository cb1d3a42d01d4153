import type { Environment } from './config/environment-overrides.ts';

/** The only file of the program that reads the process's environment; everybody else is given what they need. */
export function readEnvironment(): Environment {
  return { ...process.env };
}
