import { readFile, stat } from 'node:fs/promises';
import { isIP } from 'node:net';
import { Reader, type CountryResponse } from 'mmdb-lib';
import { GatewayError } from '#gateway/domain/errors.ts';

/** Longest file that is read, bytes: world-wide country files have 5 to 10 MB. */
export const COUNTRY_DATABASE_BYTES_MAX = 256 * 1024 * 1024;

/**
 * Opens a MaxMind DB file (GeoLite2 Country, DB-IP and others have this form): from then on the country of an address, empty when the file
 * does not say. It is read whole and once; a new file counts from the next start.
 * @throws config.unreadable
 */
export async function openCountryDatabase(file: string): Promise<(ip: string) => string> {
  const unreadable = (why: string, cause?: unknown): GatewayError =>
    new GatewayError('config.unreadable', `country_database: ${file} ${why}.`, { cause });
  const { size } = await stat(file).catch((cause: unknown) => {
    throw unreadable('cannot be read', cause);
  });
  if (size > COUNTRY_DATABASE_BYTES_MAX) throw unreadable(`is longer than ${String(COUNTRY_DATABASE_BYTES_MAX)} bytes`);
  try {
    const reader = new Reader<CountryResponse>(await readFile(file));
    const lookUp = (ip: string): string => {
      // A file of IPv4 answers for the first bits of anything else.
      const family = isIP(ip);
      return family === 0 || (family === 6 && reader.metadata.ipVersion === 4) ? '' : toCode(reader.get(ip)?.country?.iso_code);
    };
    // A file that was cut short opens well and fails at a look-up.
    for (const address of ['192.0.2.1', '2001:db8::1']) lookUp(address);
    return (ip) => {
      try {
        return lookUp(ip);
      } catch {
        return '';
      }
    };
  } catch (cause) {
    throw unreadable('is no MaxMind DB file', cause);
  }
}

function toCode(code: unknown): string {
  return typeof code === 'string' && /^[A-Z]{2}$/.test(code) ? code : '';
}
