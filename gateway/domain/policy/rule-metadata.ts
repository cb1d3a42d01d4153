/** What a rule says of itself in its METADATA block. Empty where it says nothing. */
export interface RuleMetadata {
  readonly title: string;
  readonly description: string;
}

/** Reads the block that stands directly above the rule at `row` (1-based), or else the nearest one before it: rules follow their title. */
export function metadataAt(lines: readonly string[], row: number): RuleMetadata {
  let start = -1;
  for (let index = Math.min(row, lines.length) - 1; index >= 0 && start < 0; index -= 1) {
    if ((lines[index] ?? '').trim() === '# METADATA') start = index;
  }
  if (start < 0) return { title: '', description: '' };
  const block: string[] = [];
  for (let index = start + 1; /^#/.test(lines[index] ?? ''); index += 1) block.push((lines[index] ?? '').replace(/^#\s?/, ''));
  return { title: fieldOf(block, 'title'), description: fieldOf(block, 'description') };
}

function fieldOf(block: readonly string[], name: string): string {
  const at = block.findIndex((line) => line.startsWith(`${name}:`));
  const first = (block[at] ?? '').slice(name.length + 1).trim();
  if (at < 0 || first !== '|') return at < 0 ? '' : first;
  const rest = block.slice(at + 1);
  const end = rest.findIndex((line) => !/^\s/.test(line));
  return rest
    .slice(0, end < 0 ? rest.length : end)
    .map((line) => line.trim())
    .join(' ');
}
