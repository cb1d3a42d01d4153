/** Of commands that a log entry is made of, where whoever types them has no more to say than that. */
export const REASON_OPTION = ['--reason <text>', 'for the log, 3 to 500 characters', 'at the command line'] as const;
