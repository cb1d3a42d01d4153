/** What a shell script can tell apart. */
export const EXIT = { ok: 0, refused: 1, usage: 2, unreachable: 3 } as const;
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** Ends the command with a message for a person and a code for a script. */
export class CliError extends Error {
  readonly exitCode: ExitCode;
  /** What the gateway answered, for --json; null when the failure is ours. */
  readonly answer: unknown;

  constructor(exitCode: ExitCode, message: string, options?: { readonly cause?: unknown; readonly answer?: unknown }) {
    super(message, options);
    this.name = 'CliError';
    this.exitCode = exitCode;
    this.answer = options?.answer ?? null;
  }
}
