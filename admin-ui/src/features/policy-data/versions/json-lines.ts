/** JSON for reading: objects by line, lists of plain values in one line. */
export function jsonLines(value: unknown, indent = ''): string {
  const inner = `${indent}  `;
  if (Array.isArray(value)) {
    const members = value.map((member: unknown) => jsonLines(member, inner));
    const isPlain = value.every((member) => typeof member !== 'object' || member === null);
    if (isPlain) return `[${members.join(', ')}]`;
    return `[\n${members.map((member) => inner + member).join(',\n')}\n${indent}]`;
  }
  if (typeof value !== 'object' || value === null) return JSON.stringify(value ?? null);
  const members = Object.entries(value).map(([key, member]) => `${inner}${JSON.stringify(key)}: ${jsonLines(member, inner)}`);
  return members.length === 0 ? '{}' : `{\n${members.join(',\n')}\n${indent}}`;
}
