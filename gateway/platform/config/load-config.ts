import { readFileSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { LineCounter, parseDocument } from 'yaml';
import type { z } from 'zod';
import { GatewayError } from '../../domain/errors.ts';
import { explainIssue } from '../../domain/explain-issue.ts';
import type { FieldProblem } from '../../domain/field-problem.ts';
import { tryParse } from '../../domain/try-parse.ts';
import { checkReferences } from './check-references.ts';
import { checkSafety } from './check-safety.ts';
import { checkUpstreams } from './check-upstreams.ts';
import type { Config } from './config.ts';
import { applyEnvironment, type Environment } from './environment-overrides.ts';
import { configFileSchema } from './file-schema.ts';
import { toConfig } from './to-config.ts';
import { toPath, toProblemText } from './problem.ts';

/** In the working folder; where there is none, the gateway runs the demo site. */
export const CONFIG_FILE_DEFAULT = 'gatehouse.yaml';
export const CONFIG_FILE_BYTES_MAX = 4_194_304;
/** Aliases expanded per document: enough for shared values, too few for a document that explodes in memory. */
const ALIASES_MAX = 100;

/** @throws config.unreadable, config.invalid: every wrong field is named in the message. */
export function loadConfig(options: { readonly file: string; readonly env: Environment }): Config {
  const file = resolve(options.file);
  return parseConfig(readYamlFile(file, CONFIG_FILE_BYTES_MAX), options.env, dirname(file));
}

/** `raw` is shaped like gatehouse.yaml (snake_case). @throws config.invalid */
export function parseConfig(raw: unknown, env: Environment = {}, baseDir = '.'): Config {
  const overridden = applyEnvironment(raw, env);
  const parsed = tryParse(configFileSchema, overridden.raw, { error: explainIssue });
  if (!parsed.success) throw invalid([...overridden.problems, ...parsed.error.issues.flatMap(toProblems)]);
  const problems = [...overridden.problems, ...checkReferences(parsed.data), ...checkSafety(parsed.data), ...checkUpstreams(parsed.data)];
  if (problems.length > 0) throw invalid(problems);
  return toConfig(parsed.data, baseDir);
}

/** @throws config.unreadable the file is absent, too large or not YAML. */
export function readYamlFile(file: string, bytesMax: number): unknown {
  let text: string;
  try {
    if (statSync(file).size > bytesMax) throw new GatewayError('config.unreadable', `${file} is larger than ${bytesMax} bytes`);
    text = readFileSync(file, 'utf8');
  } catch (cause) {
    if (cause instanceof GatewayError) throw cause;
    throw new GatewayError('config.unreadable', `${file} ${isAbsent(cause) ? 'does not exist' : 'cannot be read'}`, { cause });
  }
  return parseYaml(text, file);
}

const isAbsent = (cause: unknown): boolean => cause instanceof Error && 'code' in cause && cause.code === 'ENOENT';

/** `name` is what messages call the document. @throws config.unreadable it is not YAML. */
export function parseYaml(text: string, name: string): unknown {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: true });
  const [error] = document.errors;
  if (error !== undefined)
    throw new GatewayError('config.unreadable', `${name}: ${error.message.split('\n')[0]?.replace(/:$/, '') ?? 'not YAML'}`, {
      cause: error,
    });
  try {
    return document.toJS({ maxAliasCount: ALIASES_MAX });
  } catch (cause) {
    throw new GatewayError('config.unreadable', `${name} uses more aliases than it may`, { cause });
  }
}

function invalid(problems: readonly FieldProblem[]): GatewayError {
  return new GatewayError('config.invalid', `the configuration is refused:\n${toProblemText(problems)}`);
}

/** One problem a wrong field: an unknown key is named itself, and a field that fits no shape of a union names the field. */
export function toProblems(issue: z.core.$ZodIssue): FieldProblem[] {
  if (issue.code === 'unrecognized_keys')
    return issue.keys.map((key) => ({ path: toPath([...issue.path, key]), message: 'is not a known field' }));
  if (issue.code === 'invalid_key') return [{ path: toPath(issue.path), message: issue.issues[0]?.message ?? issue.message }];
  return [{ path: toPath(issue.path), message: issue.message }];
}
