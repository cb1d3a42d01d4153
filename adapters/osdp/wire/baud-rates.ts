/** The rates of OSDP 2.2 clause 5.2. */
export const BAUD_RATES = [9_600, 19_200, 38_400, 57_600, 115_200, 230_400] as const;

/** Any other speed ends the port, or never ends a byte: 0 is one of them. */
export function isBaudRate(baud: number): boolean {
  return BAUD_RATES.some((rate) => rate === baud);
}
