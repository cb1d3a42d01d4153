import { RE2JS } from 're2js';
import { integerOf } from '../values/decimal.ts';
import type { RegoValue } from '../values/rego-value.ts';
import type { Builtin } from './builtin.ts';
import { globPattern } from './glob-pattern.ts';

/** Compiled patterns that are kept; WASM keeps as many. */
export const PATTERNS_MAX = 100;
const patterns = new Map<string, RE2JS | undefined>();

/** RE2: time that grows with the text alone, whatever the pattern. Undefined for a pattern that is malformed. */
function compiled(pattern: string): RE2JS | undefined {
  if (patterns.has(pattern)) return patterns.get(pattern);
  const [oldest] = patterns.keys();
  if (patterns.size >= PATTERNS_MAX && oldest !== undefined) patterns.delete(oldest);
  const made = compile(pattern);
  patterns.set(pattern, made);
  return made;
}

function compile(pattern: string): RE2JS | undefined {
  try {
    return RE2JS.compile(pattern);
  } catch {
    // A policy's own mistake is undefined, as in WASM.
    return undefined;
  }
}

function matches(pattern: RegoValue | undefined, text: RegoValue | undefined): boolean | undefined {
  if (typeof pattern !== 'string' || typeof text !== 'string') return undefined;
  return compiled(pattern)?.matcher(text).find();
}

export const regexBuiltins: Readonly<Record<string, Builtin>> = {
  re_match: matches,
  'regex.match': matches,
  'regex.is_valid': (pattern) => typeof pattern === 'string' && compiled(pattern) !== undefined,
  'regex.find_all_string_submatch_n': (pattern, text, number) => {
    const limit = integerOf(number);
    if (typeof pattern !== 'string' || typeof text !== 'string' || limit === undefined) return undefined;
    const regex = compiled(pattern);
    return regex === undefined ? undefined : findAll(regex, text, limit === -1 ? Number.POSITIVE_INFINITY : limit);
  },
  'glob.match': (glob, delimiters, text) => {
    if (typeof glob !== 'string' || typeof text !== 'string') return undefined;
    if (delimiters !== null && !Array.isArray(delimiters)) return undefined;
    const marks = delimiters as readonly RegoValue[] | null;
    if (marks !== null && !marks.every((mark) => typeof mark === 'string')) return undefined;
    const pattern = globPattern(glob, marks);
    return pattern === undefined ? undefined : matches(pattern, text);
  },
};

/** An empty match right behind the match before does not count. */
function findAll(regex: RE2JS, text: string, limit: number): readonly RegoValue[] {
  const matcher = regex.matcher(text);
  const found: RegoValue[] = [];
  let [from, lastEnd] = [0, -1];
  while (from <= text.length && found.length < limit && matcher.find(from)) {
    const [start, end] = [matcher.start(), matcher.end()];
    if (start === end && start === lastEnd) {
      from += (text.codePointAt(from) ?? 0) > 0xffff ? 2 : 1;
      continue;
    }
    found.push(Array.from({ length: matcher.groupCount() + 1 }, (_, group) => matcher.group(group) ?? ''));
    from = end;
    lastEnd = end;
  }
  return found;
}
