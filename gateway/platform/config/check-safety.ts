import { isIP } from 'node:net';
import type { FieldProblem } from '../../domain/field-problem.ts';
import { isLoopbackHost } from './client-uri.ts';
import { leaseLifeMsMax } from '../../domain/face/lease.ts';
import { isOverlap, parseCidr } from '../../domain/site/address-range.ts';
import type { ConfigFile } from './file-schema.ts';
import { listReaders } from './listed-readers.ts';

/** Values that are well formed and must not be run with. */
export function checkSafety(file: ConfigFile): readonly FieldProblem[] {
  return [
    ...checkPublicUrl(file),
    ...checkTls(file),
    ...checkListen(file),
    ...checkPort(file),
    ...checkNetworks(file),
    ...checkWiring(file),
    ...checkOutsideWiring(file),
    ...checkEgress(file),
    ...checkLeases(file),
    ...checkPresence(file),
    ...checkWebsites(file),
  ];
}

function checkPublicUrl(file: ConfigFile): FieldProblem[] {
  const url = new URL(file.public_url);
  if (isIP(url.hostname.replace(/^\[|\]$/g, '')) !== 0) {
    return [{ path: 'public_url', message: 'is an address; passkeys are bound to a name (WebAuthn), such as localhost' }];
  }
  if (url.protocol === 'http:' && !isLoopbackHost(url.hostname)) {
    return [{ path: 'public_url', message: 'is plain http beyond localhost: tokens and passkeys need https' }];
  }
  return [];
}

/** The gateway ends no TLS itself: behind an https origin there is always something else, and what it says of its callers must be believed. */
function checkTls(file: ConfigFile): FieldProblem[] {
  if (!file.public_url.startsWith('https:') || file.trusted_proxies.length > 0) return [];
  return [
    {
      path: 'trusted_proxies',
      message:
        'is empty, but public_url is https and the gateway itself speaks plain http: name the proxy that ends TLS by its network, such as 127.0.0.1/32 (GATEHOUSE_TRUSTED_PROXIES); otherwise everybody has the address of the proxy, for network zones and rate limits alike',
    },
  ];
}

function checkListen(file: ConfigFile): FieldProblem[] {
  const { host, plain_http_reason: reason } = file.listen;
  if (isLoopbackHost(host) || host === '::1' || reason !== undefined) return [];
  if (file.public_url.startsWith('https:') && file.trusted_proxies.length > 0) return [];
  return [
    {
      path: 'listen.host',
      message: `${host} is reachable from outside in plain http: set an https public_url and trusted_proxies, or give listen.plain_http_reason`,
    },
  ];
}

const DEFAULT_PORTS: Readonly<Record<string, number>> = { 'http:': 80, 'https:': 443 };

/** Without anything in front, browsers come to this very port; another one in public_url is an address at which nobody answers. */
function checkPort(file: ConfigFile): FieldProblem[] {
  const { hostname, port: text, protocol } = new URL(file.public_url);
  const publicPort = text === '' ? DEFAULT_PORTS[protocol] : Number(text);
  const { port } = file.listen;
  if (!isLoopbackHost(hostname) || file.trusted_proxies.length > 0 || (port !== 0 && port === publicPort)) return [];
  const chosen = port === 0 ? 'is chosen by the system' : `is ${port}`;
  return [
    {
      path: 'listen.port',
      message: `${chosen}, but public_url sends browsers to ${publicPort} of this machine: give listen.port and public_url the same port (GATEHOUSE_LISTEN_PORT, GATEHOUSE_PUBLIC_URL), or name the proxy between them in trusted_proxies`,
    },
  ];
}

function checkNetworks(file: ConfigFile): FieldProblem[] {
  const ranges = file.networks.map((network) => parseCidr(network.cidr));
  const problems: FieldProblem[] = [];
  file.trusted_proxies.forEach((cidr, i) => {
    if (parseCidr(cidr)?.prefixBits === 0)
      problems.push({ path: `trusted_proxies[${i}]`, message: `${cidr} trusts every address of the world` });
  });
  file.networks.forEach((network, i) => {
    const range = ranges[i];
    if (range?.prefixBits === 0)
      problems.push({ path: `networks[${i}].cidr`, message: `${network.cidr} covers every address of the world` });
    file.networks.slice(0, i).forEach((earlier, j) => {
      const other = ranges[j];
      if (!range || !other || !isOverlap(range, other)) return;
      if (network.zone === earlier.zone && network.site === earlier.site) return;
      problems.push({
        path: `networks[${i}].cidr`,
        message: `${network.cidr} overlaps networks[${j}] (${earlier.name}), which is another zone or site`,
      });
    });
  });
  return problems;
}

/** What one reader of a door does alone. */
const SOLE_WIRES = [
  ['strike_output', 'releases'],
  ['contact_input', 'watches the contact of'],
] as const;

/** A door that nothing can release, or whose state two readers report, is a wiring mistake found at start and not at the door. */
function checkWiring(file: ConfigFile): FieldProblem[] {
  const readers = listReaders(file);
  const problems: FieldProblem[] = [];
  for (const { reader, path } of readers) {
    if (reader.contact_input !== undefined && reader.contact_input === reader.rex_input) {
      problems.push({ path: `${path}.rex_input`, message: `input ${reader.rex_input} is the door contact already` });
    }
  }
  file.doors.forEach((door, i) => {
    const own = readers.filter(({ reader }) => reader.door === door.id);
    if (own.length > 0 && own.every(({ reader }) => reader.strike_output === undefined))
      problems.push({ path: `doors[${i}]`, message: `no reader of ${door.id} has a strike_output: nothing can release it` });
    for (const [wire, does] of SOLE_WIRES) {
      const wired = own.filter(({ reader }) => reader[wire] !== undefined);
      for (const { path } of wired.slice(1))
        problems.push({ path: `${path}.${wire}`, message: `another reader ${does} ${door.id} already` });
    }
    for (const time of ['release_ms', 'open_ms'] as const) {
      if (door[`extended_${time}`] < door[time])
        problems.push({ path: `doors[${i}].extended_${time}`, message: `is shorter than ${time}` });
    }
  });
  return problems;
}

/** From this level on, whoever takes the reader off the wall outside must not hold the wires that release the door. */
export const PROTECTED_WIRING_LEVEL_MIN = 3;

function checkOutsideWiring(file: ConfigFile): FieldProblem[] {
  const levels = new Map(file.areas.map((area) => [area.id, area.security_level]));
  const isProtected = (door: ConfigFile['doors'][number]): boolean =>
    (levels.get(door.to_area) ?? 0) >= PROTECTED_WIRING_LEVEL_MIN && door.outside_wiring_reason === undefined;
  const protectedDoors = new Set(file.doors.filter(isProtected).map((door) => door.id));
  return listReaders(file).flatMap(({ reader, path }) => {
    if (reader.side !== 'entry' || !protectedDoors.has(reader.door)) return [];
    return (['strike_output', 'rex_input'] as const).flatMap((wire) => {
      if (reader[wire] === undefined) return [];
      const message = `is wired to the reader outside ${reader.door}, where it can be bridged: wire it to the exit reader, or name the exception in the door's outside_wiring_reason`;
      return [{ path: `${path}.${wire}`, message }];
    });
  });
}

/** Life safety: whoever is inside can leave without asking a computer. An exit reader alone is such a computer. */
function checkEgress(file: ConfigFile): FieldProblem[] {
  const readers = file.buses.flatMap((bus) => bus.readers);
  return file.doors.flatMap((door, i) => {
    const own = readers.filter((reader) => reader.door === door.id);
    const needsFreeEgress = own.some((reader) => reader.side === 'exit') && !own.some((reader) => reader.rex_input !== undefined);
    if (!needsFreeEgress || door.no_free_egress_reason !== undefined) return [];
    return [
      {
        path: `doors[${i}].no_free_egress_reason`,
        message: `${door.id} has an exit reader and no request-to-exit input: wire one (rex_input) or name the exception here`,
      },
    ];
  });
}

/** A terminal that hears no revocation lets in whom it was lent: the more is behind the door, the sooner that ends. */
function checkLeases(file: ConfigFile): FieldProblem[] {
  const levels = new Map(file.areas.map((area) => [area.id, area.security_level]));
  return file.doors.flatMap((door, i) => {
    const maxS = leaseLifeMsMax(levels.get(door.to_area) ?? 5) / 1_000;
    if (door.offline_lease_s <= maxS) return [];
    return [{ path: `doors[${i}].offline_lease_s`, message: `is longer than the ${maxS} s that an area of this level allows` }];
  });
}

/** From this sensitivity on the policy believes only presence of high confidence, which only a captive area gives. */
export const CERTAIN_PRESENCE_LEVEL_MIN = 4;

function checkPresence(file: ConfigFile): FieldProblem[] {
  const captive = new Set(file.areas.filter((area) => area.captive).map(({ id }) => id));
  return file.apps.flatMap((app, i) => {
    const isReachable = app.requires_area === undefined || app.sensitivity < CERTAIN_PRESENCE_LEVEL_MIN || captive.has(app.requires_area);
    if (isReachable) return [];
    const message = `${app.requires_area} is not captive: nobody is ever believed to be there firmly enough for sensitivity ${app.sensitivity}`;
    return [{ path: `apps[${i}].requires_area`, message }];
  });
}

/** Only proxies that are named may ask for a browser; and a website at the gateway's own origin would have its cookies. */
function checkWebsites(file: ConfigFile): FieldProblem[] {
  const problems = file.websites.flatMap(({ origin }, i) =>
    origin === new URL(file.public_url).origin
      ? [{ path: `websites[${i}].origin`, message: 'is the gateway’s own: a website needs a host name (or a port) of its own' }]
      : [],
  );
  if (file.websites.length === 0 || file.trusted_proxies.length > 0) return problems;
  const message = 'is empty, but websites are asked about by a proxy: name it by its network, such as 127.0.0.1/32';
  return [...problems, { path: 'trusted_proxies', message }];
}
