import type { RevisionFile } from '../revision.ts';
import { orderedFindings, type Finding } from '../finding.ts';
import { rulesOf, withoutComments, withoutStrings, type RegoExpression, type RegoRule } from './rego-rules.ts';
import { findUnknownCodes } from './unknown-codes.ts';

/** Rules of one name that differ only in constants: from here on they are data that was written as code. */
export const RULE_FAN_MAX = 8;

/** Rules that add a string to one of these do not deny. */
const NOT_DENIES: ReadonlySet<string> = new Set(['permits', 'obligations', 'presentable', 'operator_roles']);
/** What says which question it is, and not a fact about anybody: it is never unknown. */
const SCOPES: ReadonlySet<string> = new Set(['input.action.name', 'input.resource.type', 'input.context.channel', 'input.subject.type']);

/** Looks at the texts as a careful reader would; that they compile is the compiler's business. */
export function lintRevision(files: readonly RevisionFile[]): readonly Finding[] {
  const rules = files.flatMap(rulesOf);
  return orderedFindings([...files.flatMap(findSprintf), ...findMissingTwins(rules), ...findUnknownCodes(rules), ...findFans(rules)]);
}

/** Every host prints differently, so that one and the same decision would have two texts. */
function findSprintf({ path, text }: RevisionFile): readonly Finding[] {
  return withoutStrings(withoutComments(text))
    .split('\n')
    .flatMap((line, index) =>
      [...line.matchAll(/\bsprintf\s*\(/g)].map((match) => ({
        code: 'lint.sprintf',
        severity: 'error' as const,
        message: 'sprintf prints differently in every engine: use concat or a template string',
        file: path,
        row: index + 1,
        col: match.index + 1,
      })),
    );
}

const COMPARED = /(?:^|[^=!<>:])(==|!=|<=|>=|<|>|\bin\b)(?!=)/;
const FACT = /\binput(?:\.[A-Za-z_][A-Za-z0-9_]*)+/g;

/**
 * A deny that compares a fact is silent when the fact is missing (`null > 80` is undefined, and so is the deny). Somewhere among the
 * rules of the same set another one must deny by the absence: `not` of the fact, or of a rule that proves it.
 */
function findMissingTwins(rules: readonly RegoRule[]): readonly Finding[] {
  const denies = rules.filter(({ name, member }) => member !== null && !NOT_DENIES.has(name));
  return denies.flatMap((rule) => {
    const set = denies.filter((other) => other.name === rule.name && other.file.split('/')[0] === rule.file.split('/')[0]);
    const twins = new Set(set.flatMap((other) => absentFacts(other, rules)));
    return rule.body.flatMap((expression) =>
      comparedFacts(expression)
        .filter((fact) => !twins.has(fact))
        .map((fact) => twinFinding(rule, expression, fact)),
    );
  });
}

function comparedFacts({ text }: RegoExpression): readonly string[] {
  if (/^not\b/.test(text)) return [];
  const shape = withoutStrings(text);
  if (!COMPARED.test(shape)) return [];
  return factsIn(shape).filter((fact) => !SCOPES.has(fact));
}

function factsIn(shape: string): readonly string[] {
  return [...shape.matchAll(FACT)].map(([fact]) => fact);
}

/** Facts whose absence makes this rule deny: those that it negates, and those of the rules that it negates. */
function absentFacts(rule: RegoRule, rules: readonly RegoRule[]): readonly string[] {
  return rule.body.flatMap(({ text }) => {
    if (!/^not\b/.test(text)) return [];
    const shape = withoutStrings(text);
    const proofs = rules.filter(({ name }) => new RegExp(`^not\\s+(?:[A-Za-z_]+\\.)*${name}\\b`).test(shape));
    return [...factsIn(shape), ...proofs.flatMap(({ body }) => body.flatMap((expression) => factsIn(withoutStrings(expression.text))))];
  });
}

function twinFinding(rule: RegoRule, { row, col }: RegoExpression, fact: string): Finding {
  return {
    code: 'lint.deny_without_twin',
    severity: 'error',
    message: `"${rule.member ?? ''}" does not deny when ${fact} is missing or of another type: deny the absence of its proof as well (not ...)`,
    file: rule.file,
    row,
    col,
  };
}

/** Many rules of one name that differ in constants cost by their number; as data they cost nothing and are edited in a form. */
function findFans(rules: readonly RegoRule[]): readonly Finding[] {
  const shapes = Map.groupBy(
    rules.filter(({ body }) => body.length > 0),
    ({ file, name, head, body }) => [file, name, blank(head), ...body.map(({ text }) => blank(text))].join('\n'),
  );
  return [...shapes.values()].flatMap((fan) => {
    const [first] = fan;
    if (first === undefined || fan.length <= RULE_FAN_MAX) return [];
    const hasConstants = first.body.some(({ text }) => blank(text) !== text);
    if (!hasConstants) return [];
    return [
      {
        code: 'lint.rule_fan',
        severity: 'warning' as const,
        message: `${fan.length} rules "${first.name}" differ only in constants: write them as data and look them up`,
        file: first.file,
        row: first.row,
        col: 1,
      },
    ];
  });
}

function blank(text: string): string {
  return text.replace(/"(?:[^"\\\n]|\\.)*"|`[^`]*`/g, '""').replace(/\b\d+(\.\d+)?\b/g, '0');
}

/** One finding a run of rows that no test reaches, at its first row. */
export function uncoveredFindings(
  coverage: readonly { readonly file: string; readonly notCovered: readonly number[] }[],
  files: readonly RevisionFile[],
): readonly Finding[] {
  return coverage.flatMap(({ file, notCovered }) => {
    const source = files.find(({ path }) => path === file);
    if (source === undefined || notCovered.length === 0) return [];
    const missed = new Set(notCovered);
    return rulesOf(source).flatMap(({ name, row, lastRow }) => {
      const rows = Array.from({ length: lastRow - row + 1 }, (_, index) => row + index).filter((each) => missed.has(each));
      const [first] = rows;
      if (first === undefined) return [];
      const where = rows.length === 1 ? `row ${first}` : `rows ${rows.join(', ')}`;
      return [
        {
          code: 'lint.uncovered',
          severity: 'warning' as const,
          message: `no test reaches ${where} of "${name}"`,
          file,
          row: first,
          col: 1,
        },
      ];
    });
  });
}
