import { styleText } from 'node:util';

export interface Output {
  /** One line on standard output; like all output without control characters, whatever a name or an answer holds. */
  line(text: string): void;
  /** One line on standard error. */
  problem(text: string): void;
  /** Rows under a heading, columns padded; nothing but the heading when there are no rows. */
  table(heading: readonly string[], rows: readonly (readonly string[])[]): void;
  good(text: string): string;
  bad(text: string): string;
  faint(text: string): string;
}

export interface OutputStream {
  readonly isTTY?: boolean;
  write(text: string): unknown;
}

const SPACE_BETWEEN = '  ';

/** Everything that moves a cursor, changes a title or a colour; the gateway's answers may be as old as its log. */
const CONTROLS = /[^\P{Cc}\n\t]|[\u2028\u2029\u202a-\u202e\u2066-\u2069]/gu;
/** A style of ours, or a control character of anybody's. */
const STYLE_OR_CONTROL = new RegExp(`\\u001b\\[(?:2|22|31|32|39)m|${CONTROLS.source}`, 'gu');

const strip = (text: string): string => text.replace(CONTROLS, '');

/** Colour only where a person looks: a terminal, and no wish against it. */
export function createOutput(out: OutputStream, err: OutputStream, noColor: boolean): Output {
  const isColoured = out.isTTY === true && !noColor;
  const paint = (style: 'green' | 'red' | 'dim', text: string): string =>
    isColoured ? styleText(style, strip(text), { validateStream: false }) : text;
  const clean = (text: string): string =>
    isColoured ? text.replace(STYLE_OR_CONTROL, (found) => (found.length > 1 ? found : '')) : strip(text);
  const line = (text: string): void => void out.write(`${clean(text)}\n`);
  return {
    line,
    problem: (text) => void err.write(`${clean(text)}\n`),
    table: (heading, given) => {
      const rows = given.map((row) => row.map(clean));
      const widths = heading.map((title, column) => Math.max(title.length, ...rows.map((row) => (row[column] ?? '').length)));
      const render = (row: readonly string[]): string =>
        row
          .map((cell, column) => cell.padEnd(widths[column] ?? 0))
          .join(SPACE_BETWEEN)
          .trimEnd();
      line(paint('dim', render(heading)));
      for (const row of rows) line(render(row));
    },
    good: (text) => paint('green', text),
    bad: (text) => paint('red', text),
    faint: (text) => paint('dim', text),
  };
}

/** Local time without a zone, for people; scripts take --json. */
export function toTimeText(epochMs: number): string {
  const local = new Date(epochMs - new Date(epochMs).getTimezoneOffset() * 60_000);
  return local.toISOString().slice(0, 19).replace('T', ' ');
}
