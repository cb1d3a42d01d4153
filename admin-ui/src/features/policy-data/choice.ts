/** One of many things to choose from. */
export interface Choice {
  readonly value: string;
  readonly label: string;
  readonly note?: string;
}
