import type { FindingView } from '#gateway/http/contract/policy.ts';

const PLACE = /line (\d+) column (\d+)/;
const POSITION = /position (\d+)/;

/** Where a text ends to be JSON, as browsers tell it; null when it is JSON. */
export function jsonFinding(path: string, text: string): FindingView | null {
  try {
    JSON.parse(text);
    return null;
  } catch (failure) {
    const said = failure instanceof Error ? failure.message : '';
    return {
      code: 'json.syntax',
      severity: 'error',
      message: said === '' ? 'This is not JSON.' : said,
      file: path,
      ...placeOf(said, text),
    };
  }
}

function placeOf(said: string, text: string): { readonly row: number; readonly col: number } {
  const place = PLACE.exec(said);
  if (place !== null) return { row: Number(place[1]), col: Number(place[2]) };
  const position = POSITION.exec(said);
  const before = position === null ? text : text.slice(0, Number(position[1]));
  const lines = before.split('\n');
  return { row: lines.length, col: (lines.at(-1)?.length ?? 0) + 1 };
}
