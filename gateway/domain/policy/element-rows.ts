/**
 * The row, from 1, at which each element of a JSON list begins. The text has been parsed as a list before: here only strings and nesting
 * are followed.
 */
export function elementRows(json: string): readonly number[] {
  const rows: number[] = [];
  let [row, depth, isInString, isAwaited] = [1, 0, false, false];
  for (let at = 0; at < json.length; at += 1) {
    const char = json[at] ?? '';
    if (char === '\n') row += 1;
    if (isInString) {
      if (char === '\\') at += 1;
      else if (char === '"') isInString = false;
      continue;
    }
    if (/\s/.test(char)) continue;
    if (isAwaited && depth === 1 && char !== ']') {
      rows.push(row);
      isAwaited = false;
    }
    if (char === '"') isInString = true;
    else if (char === '[' || char === '{') {
      depth += 1;
      if (depth === 1) isAwaited = true;
    } else if (char === ']' || char === '}') depth -= 1;
    else if (char === ',' && depth === 1) isAwaited = true;
  }
  return rows;
}
