import type { SourceFile } from './source-files.ts';

/** One rule over one file's text: what is wrong with it, or null. */
export interface SourceRule {
  readonly name: string;
  readonly check: (file: SourceFile) => string | null;
}

export const LINES_MAX = 400;

/** The program itself: not tests, not the scripts that build its artifacts, not the console. */
const isProgram = (path: string): boolean => /^(gateway|adapters|face-model)\//.test(path) && !isBuildScript(path);
/** Build scripts are run by npm scripts and imported by nobody. */
const isBuildScript = (path: string): boolean => /\/build[^/]*\.ts$/.test(path);
/** Where time, randomness and the environment must come in as arguments. */
const isPure = (path: string): boolean =>
  path.startsWith('gateway/domain/') ||
  /^adapters\/osdp\/(wire|messages|channels|secure-channel|secure-channel-2|pairing|session|pd|monitor)\//.test(path) ||
  /\/preprocess[^/]*\.ts$/.test(path);

/** Text without comments and string contents, line by line the same: words in prose break no rule. */
export function stripProse(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\/|\/\/[^\n]*|'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*"/g, (match) =>
    match.startsWith('/') ? match.replace(/[^\n]/g, ' ') : `'${match.slice(1, -1).replace(/[^\n]/g, '_')}'`,
  );
}

function forbid(name: string, applies: (path: string) => boolean, pattern: RegExp, instead: string): SourceRule {
  return {
    name,
    check: ({ path, text }) => {
      if (!applies(path)) return null;
      const lines = stripProse(text).split('\n');
      const index = lines.findIndex((line) => pattern.test(line));
      return index === -1 ? null : `${path}:${index + 1}: ${instead}`;
    },
  };
}

const everywhere = (): boolean => true;

export const SOURCE_RULES: readonly SourceRule[] = [
  {
    name: 'short-files',
    check: ({ path, text }) => {
      const lines = text.split('\n').length - 1;
      return lines > LINES_MAX && !path.includes('.gen.') ? `${path}: ${lines} lines, at most ${LINES_MAX}` : null;
    },
  },
  {
    name: 'kebab-case',
    check: ({ path }) =>
      path.split('/').every((part) => /^[a-z0-9]+(-[a-z0-9]+)*(\.[a-z0-9]+(-[a-z0-9]+)*)*$/.test(part))
        ? null
        : `${path}: names are kebab-case`,
  },
  {
    name: 'no-drawers',
    check: ({ path }) =>
      /(^|\/)(utils?|helpers?|common|misc|lib)(\/|\.tsx?$)/.test(withoutContract(path)) ? `${path}: name it after what it does` : null,
  },
  {
    name: 'no-barrels',
    check: ({ path, text }) => {
      const statements = stripProse(text)
        .split(';')
        .map((statement) => statement.trim());
      const meaningful = statements.filter((statement) => statement !== '');
      const isBarrel =
        meaningful.length > 0 &&
        meaningful.every((statement) => /^export\s+(type\s+)?(\*|\{[^}]*\})\s*(as\s+\w+\s*)?from\b/.test(statement));
      return isBarrel ? `${path}: only re-exports; import from where things are` : null;
    },
  },
  {
    name: 'aliases-across-folders',
    check: ({ path, text }) => {
      // The console is bundled and the samples of these tests are text.
      if (path.startsWith('admin-ui/') || path.startsWith('test/architecture/')) return null;
      const escape = '\\.\\./'.repeat(path.split('/').length - 1);
      const leaves = new RegExp(`\\b(from|import)\\s*\\(?\\s*'${escape}`).test(text);
      return leaves ? `${path}: leaves its top-level folder by a relative path; use #gateway/, #adapters/, #test/` : null;
    },
  },
  forbid(
    'no-any',
    everywhere,
    /(?<![.\w])any(?=\s*[;,)\]}>=|&[]|$)(?<=([:<|&,(]|\bas)\s*any)/,
    'any switches the type checker off; take unknown',
  ),
  {
    name: 'no-check-switches',
    check: ({ path, text }) => {
      const index = text
        .split('\n')
        .findIndex((line) => /@ts-(ignore|expect-error|nocheck)\b|eslint-disable(?!-(?:next-)?line [@\w/, -]+ -- )/.test(line));
      return index === -1 || path.startsWith('test/architecture/') ? null : `${path}:${index + 1}: checks are answered, not switched off`;
    },
  },
  forbid(
    'environment-in-one-place',
    (path) => isProgram(path) && !path.startsWith('gateway/platform/'),
    /\bprocess\s*\.\s*env\b/,
    'the environment is read in gateway/platform only',
  ),
  forbid(
    'no-ambient-clock-or-random',
    isPure,
    /\bDate\s*\.\s*now\b|\bnew\s+Date\s*\(\s*\)|\bMath\s*\.\s*random\b|\bperformance\s*\.\s*now\b|\brandom(Bytes|UUID|Int)\b|\bset(Timeout|Interval|Immediate)\b/,
    'time and randomness are arguments here',
  ),
  forbid('no-await-in-pure-code', isPure, /\bawait\b|\basync\b/, 'pure code waits for nothing'),
  forbid(
    'parsing-that-never-throws',
    (path) => isProgram(path) && path !== 'gateway/domain/try-parse.ts',
    /\.\s*safeParse(Async)?\s*\(/,
    'zod throws at some values; use tryParse of gateway/domain',
  ),
  forbid('no-default-export', (path) => isProgram(path), /^\s*export\s+default\b/, 'exports have names'),
];

/** `gateway/http/contract/common.ts` holds what all contracts share; the folder says what it is. */
function withoutContract(path: string): string {
  return path.replace(/^gateway\/http\/contract\/common\.ts$/, '').replace(/^policies\/lib\//, '');
}
