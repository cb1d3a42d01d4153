import { pino } from 'pino';
import { GatewayError } from '../domain/errors.ts';
import type { LogLevel } from './config/config.ts';

/** Ids, numbers and durations. Names, e-mails, card numbers, images and tokens have no place in a log line. */
export type LogFields = Readonly<Record<string, string | number | boolean | null | readonly string[]>>;

/** One structured line a fact: the event's name and its fields. `failure` is printed by code and stack, never with its data. */
export interface Logger {
  debug(event: string, fields?: LogFields): void;
  info(event: string, fields?: LogFields): void;
  warn(event: string, fields?: LogFields, failure?: unknown): void;
  error(event: string, fields?: LogFields, failure?: unknown): void;
  /** A logger that adds `fields` to every line. */
  with(fields: LogFields): Logger;
}

/** Last net below the type above: keys that must never reach the output, at the top and one level down. */
const SECRET_KEYS = ['authorization', 'cookie', 'password', 'pin', 'secret', 'token', 'key', 'email', 'badgeKey', 'bits'];

export interface LoggerOptions {
  readonly level: LogLevel;
  /** Where lines go; standard output when absent. */
  readonly write?: (line: string) => void;
}

export function createLogger(options: LoggerOptions): Logger {
  // Synchronous: with an asynchronous destination the last lines before an exit are lost, which are the ones that matter.
  const destination = options.write === undefined ? pino.destination({ dest: 1, sync: true }) : { write: options.write };
  const redact = { paths: SECRET_KEYS.flatMap((key) => [key, `*.${key}`]), censor: '[redacted]' };
  return wrap(
    pino({ level: options.level, redact, base: null, timestamp: pino.stdTimeFunctions.isoTime, messageKey: 'event' }, destination),
  );
}

function wrap(target: pino.Logger): Logger {
  return {
    debug: (event, fields) => target.debug({ ...fields }, event),
    info: (event, fields) => target.info({ ...fields }, event),
    warn: (event, fields, failure) => target.warn({ ...fields, ...describeFailure(failure) }, event),
    error: (event, fields, failure) => target.error({ ...fields, ...describeFailure(failure) }, event),
    with: (fields) => wrap(target.child({ ...fields })),
  };
}

const CAUSES_MAX = 5;

/** Code, type and place of a failure and of its causes. Messages of foreign errors are left out: they quote what they were given. */
function describeFailure(failure: unknown): Record<string, unknown> {
  if (failure === undefined) return {};
  const chain: Record<string, unknown>[] = [];
  for (
    let current: unknown = failure;
    current !== undefined && chain.length < CAUSES_MAX;
    current = current instanceof Error ? current.cause : undefined
  ) {
    chain.push(describeOne(current));
  }
  const [first = {}, ...causes] = chain;
  return { failure: causes.length === 0 ? first : { ...first, causes } };
}

function describeOne(failure: unknown): Record<string, unknown> {
  if (failure instanceof GatewayError) return { code: failure.code, message: failure.publicMessage, at: toFrames(failure) };
  if (!(failure instanceof Error)) return { type: typeof failure };
  const code = 'code' in failure && typeof failure.code === 'string' ? { code: failure.code } : {};
  return { type: failure.name, ...code, at: toFrames(failure) };
}

/** Stack frames only: the first line of a stack repeats the message. */
function toFrames(failure: Error): readonly string[] {
  return (failure.stack ?? '')
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line.startsWith('at '))
    .slice(0, 6);
}
