/** Values that one statement takes. */
const VALUES_PAGE = 400;

export function pagesOf<T>(values: readonly T[]): T[][] {
  return Array.from({ length: Math.ceil(values.length / VALUES_PAGE) }, (_, i) => values.slice(i * VALUES_PAGE, (i + 1) * VALUES_PAGE));
}
