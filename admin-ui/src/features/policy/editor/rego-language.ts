import { StreamLanguage, type StringStream } from '@codemirror/language';

const KEYWORDS = new Set([
  'as',
  'contains',
  'default',
  'else',
  'every',
  'false',
  'if',
  'import',
  'in',
  'not',
  'null',
  'package',
  'some',
  'true',
  'with',
]);
const LITERALS = new Set(['true', 'false', 'null']);
const ROOTS = new Set(['input', 'data']);

interface Inside {
  /** A raw string may go on over lines. */
  raw: boolean;
}

/** Words, strings, numbers and comments of Rego: enough to read by. What is right is the compiler's to say. */
export const rego = StreamLanguage.define<Inside>({
  name: 'rego',
  startState: () => ({ raw: false }),
  token: (stream, state) => (state.raw ? rawString(stream, state) : token(stream, state)),
  languageData: { commentTokens: { line: '#' }, closeBrackets: { brackets: ['(', '[', '{', '"', '`'] } },
});

function token(stream: StringStream, state: Inside): string | null {
  if (stream.eatSpace()) return null;
  if (stream.match(/^#.*/)) return 'comment';
  if (stream.match(/^"(?:[^"\\]|\\.)*"?/)) return 'string';
  if (stream.eat('`')) return rawString(stream, state);
  if (stream.match(/^-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?\b/)) return 'number';
  if (stream.match(/^[A-Za-z_][A-Za-z0-9_]*/)) {
    const word = stream.current();
    if (LITERALS.has(word)) return 'atom';
    if (KEYWORDS.has(word)) return 'keyword';
    return ROOTS.has(word) ? 'variableName.special' : 'variableName';
  }
  if (stream.match(/^(?::=|==|!=|<=|>=|[-+*/%&|<>=])/)) return 'operator';
  stream.next();
  return null;
}

function rawString(stream: StringStream, state: Inside): string {
  state.raw = !stream.skipTo('`');
  if (state.raw) stream.skipToEnd();
  else stream.next();
  return 'string';
}
