import { readFileSync } from 'node:fs';

/** A file as shipped, with these lines replaced. @throws Error when a line is not there exactly once: the test would run something else. */
export function shippedFile(file: string, replacements: Readonly<Record<string, string>>): string {
  let text = readFileSync(file, 'utf8');
  for (const [line, replacement] of Object.entries(replacements)) {
    const parts = `\n${text}`.split(`\n${line}\n`);
    if (parts.length !== 2) throw new Error(`${file} has the line ${line} ${String(parts.length - 1)} times`);
    text = parts.join(`\n${replacement}\n`).slice(1);
  }
  return text;
}
