import type { Command } from 'commander';
import type { PinSet } from '../../app/people/set-pin.ts';
import { PIN_LENGTH_MAX, PIN_LENGTH_MIN } from '../../domain/people/pin.ts';
import type { CliContext, GlobalOptions } from '../cli-context.ts';
import { CliError, EXIT } from '../cli-error.ts';
import { examples } from '../examples.ts';
import { requireConfig } from '../find-gateway.ts';

type PinOptions = GlobalOptions & { readonly duress?: true };

const INPUT_BYTES_MAX = 256;

/** PINs are never words of the command line: those stand in the history and in the list of processes. */
export function registerPinCommand(program: Command, context: CliContext): void {
  program
    .command('pin')
    .description('PINs for readers with keys')
    .command('set')
    .argument('<person>', 'id or e-mail')
    .description(`set the PIN of a person: ${PIN_LENGTH_MIN} to ${PIN_LENGTH_MAX} digits, asked for twice, or two lines of standard input`)
    .option('--duress', 'a second PIN as well, which opens the door and calls for help silently: two lines more')
    .addHelpText('after', examples('gatehouse pin set ann@example.org', 'gatehouse pin set ann@example.org --duress'))
    .action((person: string, _own: unknown, command: Command) => setPin(context, person, command.optsWithGlobals()));
}

async function setPin(context: CliContext, person: string, options: PinOptions): Promise<void> {
  const config = requireConfig(context, options);
  const { pin, duressPin } = await readPins(context, options.duress === true);
  const tools = await context.tools();
  const set = await tools.setPin(config, person, { pin, duressPin });
  if (options.json) context.out.line(JSON.stringify(set));
  if (!set.ok) throw new CliError(EXIT.refused, `nothing is stored: ${explain(person, set)}`);
  if (!options.json)
    context.out.line(`the PIN of ${person} is ${set.isNew ? 'set' : 'replaced'}; what was locked with another one is not any more`);
}

interface Pins {
  readonly pin: string;
  readonly duressPin: string | null;
}

async function readPins(context: CliContext, withDuress: boolean): Promise<Pins> {
  const ask = context.askSecretly;
  const next = ask === undefined ? linesOf(await context.readInput(INPUT_BYTES_MAX)) : (question: string) => ask(question);
  const pin = await readTwice(next, 'PIN');
  return { pin, duressPin: withDuress ? await readTwice(next, 'duress PIN') : null };
}

async function readTwice(next: (question: string) => Promise<string>, what: string): Promise<string> {
  const first = (await next(`${what}: `)).trim();
  const second = (await next(`${what} again: `)).trim();
  if (first === '') throw new CliError(EXIT.usage, `there is no ${what} on standard input`);
  if (first !== second) throw new CliError(EXIT.usage, `the two entries of the ${what} differ; nothing is stored`);
  return first;
}

function linesOf(text: string | null): () => Promise<string> {
  const lines = (text ?? '').split(/\r?\n/);
  return () => Promise.resolve(lines.shift() ?? '');
}

const PROBLEMS: Readonly<Record<Exclude<Extract<PinSet, { ok: false }>['code'], 'person.unknown'>, string>> = {
  length: `it is not ${PIN_LENGTH_MIN} to ${PIN_LENGTH_MAX} digits`,
  repeated: 'it repeats itself, and is among the first that anybody tries',
  counting: 'it counts, and is among the first that anybody tries',
  date: 'it can be a date, which others know or guess',
  same_as_pin: 'it is the PIN itself',
  near_pin: 'it is one slip of the finger from the PIN',
};

function explain(person: string, set: Extract<PinSet, { ok: false }>): string {
  if (set.code === 'person.unknown') return `there is no person ${person}`;
  return `the ${set.of === 'pin' ? 'PIN' : 'duress PIN'} cannot be used: ${PROBLEMS[set.code]}`;
}
