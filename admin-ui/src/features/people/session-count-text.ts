/** What a suspension does to the open sessions, as part of a sentence. */
export function sessionCountText(count: number): string {
  if (count === 0) return 'No live session is open';
  return count === 1 ? '1 live session ends' : `${String(count)} live sessions end`;
}
