import { styleText } from 'node:util';

export interface Output {
  /** One line on standard output. */
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

/** Colour only where a person looks: a terminal, and no wish against it. */
export function createOutput(out: OutputStream, err: OutputStream, noColor: boolean): Output {
  const paint = (style: 'green' | 'red' | 'dim', text: string): string =>
    out.isTTY === true && !noColor ? styleText(style, text, { validateStream: false }) : text;
  const line = (text: string): void => void out.write(`${text}\n`);
  return {
    line,
    problem: (text) => void err.write(`${text}\n`),
    table: (heading, rows) => {
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
