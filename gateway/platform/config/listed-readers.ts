import type { ConfigFile } from './file-schema.ts';

export interface ListedReader {
  readonly reader: ConfigFile['buses'][number]['readers'][number];
  /** Where it stands in the file: `buses[1].readers[0]`. */
  readonly path: string;
}

/** The readers of all buses, in the order of the file. */
export function listReaders(file: Pick<ConfigFile, 'buses'>): readonly ListedReader[] {
  return file.buses.flatMap((bus, b) => bus.readers.map((reader, r) => ({ reader, path: `buses[${b}].readers[${r}]` })));
}
