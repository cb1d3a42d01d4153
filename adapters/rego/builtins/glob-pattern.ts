/**
 * A glob as a regular expression, with the reading of OPA's WASM: `*` stays within delimiters, `**` does not, `?` is one character,
 * `[a-c]`, `[!abc]` and `{x,y}` choose. Text between is taken literally except for what OPA's own translation forgets to escape
 * (parentheses, `$`), which keeps the two engines of one mind. Null delimiters: nothing delimits. None: the full stop does.
 * Undefined for a glob that is malformed.
 */
export function globPattern(glob: string, delimiters: readonly string[] | null): string | undefined {
  const marks = delimiters?.length === 0 ? ['.'] : delimiters;
  if (marks?.some((mark) => [...mark].length !== 1) === true) return undefined;
  const single = marks === null ? '.' : `[^${marks.map(escaped).join('')}]`;
  const reader = new GlobReader([...glob], single);
  const pattern = reader.read();
  return pattern === undefined ? undefined : `^${pattern}$`;
}

const SPECIAL: ReadonlySet<string> = new Set('.,:"=<>[]^/\\{}|*+?');

function escaped(text: string): string {
  return [...text].map((character) => (SPECIAL.has(character) ? `\\${character}` : character)).join('');
}

class GlobReader {
  readonly #characters: readonly string[];
  readonly #single: string;
  #at = 0;
  #depth = 0;

  constructor(characters: readonly string[], single: string) {
    this.#characters = characters;
    this.#single = single;
  }

  read(): string | undefined {
    let pattern = '';
    for (let part = this.#part(); part !== null; part = this.#part()) {
      if (part === undefined) return undefined;
      pattern += part;
    }
    // What is opened and never closed ends with the glob, in OPA too.
    return pattern + ')'.repeat(this.#depth);
  }

  /** The next piece, null at the end, undefined where the glob is malformed. */
  #part(): string | null | undefined {
    const character = this.#characters[this.#at];
    if (character === undefined) return null;
    this.#at += 1;
    switch (character) {
      case '?':
        return this.#single;
      case '*':
        if (this.#characters[this.#at] !== '*') return `${this.#single}*`;
        this.#at += 1;
        return '.*';
      case '{':
        this.#depth += 1;
        return '(';
      case '[':
        return this.#range();
    }
    if (this.#depth > 0 && character === ',') return '|';
    if (this.#depth > 0 && character === '}') {
      this.#depth -= 1;
      return ')';
    }
    this.#at -= 1;
    return this.#text(this.#depth > 0 ? '?*[{},' : '?*[{');
  }

  #text(breakers: string): string {
    return escaped(this.#literal(breakers));
  }

  #literal(breakers: string): string {
    let [text, isEscaped] = ['', false];
    for (; this.#at < this.#characters.length; this.#at += 1) {
      const character = this.#characters[this.#at] ?? '';
      if (!isEscaped && character === '\\') {
        isEscaped = true;
        continue;
      }
      if (!isEscaped && breakers.includes(character)) break;
      isEscaped = false;
      text += character;
    }
    return text;
  }

  #range(): string | undefined {
    const isNot = this.#characters[this.#at] === '!';
    if (isNot) this.#at += 1;
    const open = isNot ? '[^' : '[';
    const [low, between, high, close] = this.#characters.slice(this.#at, this.#at + 4);
    if (between === '-') {
      if (low === undefined || high === undefined || close !== ']' || (high.codePointAt(0) ?? 0) < (low.codePointAt(0) ?? 0))
        return undefined;
      this.#at += 4;
      return `${open}${low}-${high}]`;
    }
    const list = this.#literal(']');
    if (list === '' || this.#characters[this.#at] !== ']') return undefined;
    this.#at += 1;
    return `${open}${escaped(list)}]`;
  }
}
