import type { z } from 'zod';

const KINDS: Readonly<Record<string, string>> = {
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'a section of fields',
  record: 'a section of names',
};
const FORMATS: Readonly<Record<string, string>> = { email: 'an e-mail address', url: 'a URL' };

/**
 * What is wrong with a value, in words that follow the name of its field; undefined where the schema's own words are as good as any. It is
 * an error map of zod, and comes after messages that a schema gives itself.
 */
export function explainIssue(issue: z.core.$ZodRawIssue): string | undefined {
  switch (issue.code) {
    case 'invalid_type':
      return issue.input === undefined ? 'is missing' : `is not ${KINDS[issue.expected] ?? issue.expected}`;
    case 'invalid_format':
      return issue.format in FORMATS ? `is not ${FORMATS[issue.format]}` : undefined;
    case 'invalid_value':
      return `is not ${issue.values.length === 1 ? '' : 'one of '}${issue.values.map(String).join(', ')}`;
    case 'too_small':
      return explainBound(issue.origin, Number(issue.minimum), 'fewer', 'less');
    case 'too_big':
      return explainBound(issue.origin, Number(issue.maximum), 'more', 'more');
    default:
      return undefined;
  }
}

function explainBound(origin: string, bound: number, count: 'fewer' | 'more', size: 'less' | 'more'): string {
  if (origin === 'string') return count === 'fewer' && bound === 1 ? 'is empty' : `has ${count} than ${bound} characters`;
  if (origin === 'array') return count === 'fewer' && bound === 1 ? 'is an empty list' : `has ${count} than ${bound} entries`;
  return `is ${size} than ${bound}`;
}
