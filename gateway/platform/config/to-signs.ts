import type { ReaderId } from '../../domain/site/ids.ts';
import { INDICATIONS, type Indication, type ReaderSignSettings, type Sign } from '../../domain/doors/sign.ts';
import type { ConfigFile } from './file-schema.ts';
import { listReaders } from './listed-readers.ts';
import type { SignFile } from './reader-type-schema.ts';

/** Every reader with the language of its site, and what its type says over that. */
export function toSigns(file: ConfigFile): ReadonlyMap<ReaderId, ReaderSignSettings> {
  const languageOf = new Map(file.sites.map((site) => [site.id, site.language]));
  const siteOf = new Map(file.doors.map((door) => [door.id, door.site]));
  return new Map(
    listReaders(file).map(({ reader }) => {
      const type = reader.type === undefined ? undefined : file.reader_types[reader.type];
      const language = type?.language ?? languageOf.get(siteOf.get(reader.door) ?? '') ?? 'en';
      // Branded as everywhere in the configuration: the reference check has seen the reader.
      return [reader.id as ReaderId, { language, signs: type === undefined ? {} : signsOf(type) }];
    }),
  );
}

function signsOf(type: ConfigFile['reader_types'][string]): ReaderSignSettings['signs'] {
  return Object.fromEntries(
    INDICATIONS.flatMap((indication): [Indication, Partial<Sign>][] => {
      const sign = type[indication];
      return sign === undefined ? [] : [[indication, toSign(sign)]];
    }),
  );
}

/** Only what is set: the rest stays as every reader does it. */
function toSign({ led, buzzer, text, for_ms: forMs }: SignFile): Partial<Sign> {
  return {
    ...(led === undefined ? {} : { led: led === 'none' ? null : toLed(led) }),
    ...(buzzer === undefined ? {} : { buzzer: buzzer === 'none' ? null : toBuzzer(buzzer) }),
    ...(text === undefined ? {} : { text: text === '' ? null : text }),
    ...(forMs === undefined ? {} : { forMs }),
  };
}

function toLed({ colour, off_colour: offColour, on_ms: onMs, off_ms: offMs }: Exclude<SignFile['led'], undefined | 'none'>): Sign['led'] {
  return { colour, offColour, onMs, offMs };
}

function toBuzzer({ on_ms: onMs, off_ms: offMs, count }: Exclude<SignFile['buzzer'], undefined | 'none'>): Sign['buzzer'] {
  return { onMs, offMs, count };
}
