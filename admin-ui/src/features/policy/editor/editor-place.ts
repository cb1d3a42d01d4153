/** Where somebody looks: a file of the draft and a place in it, as the address of the page says. */
export interface EditorPlace {
  readonly file?: string | undefined;
  readonly row?: number | undefined;
  readonly col?: number | undefined;
}
