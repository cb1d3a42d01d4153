import { findDuplicates, type FieldProblem } from '../../domain/field-problem.ts';
import type { ConfigFile } from './file-schema.ts';
import { websiteClientId } from './to-config.ts';
import { listReaders } from './listed-readers.ts';

/** Everything that is named exists, once. */
export function checkReferences(file: ConfigFile): readonly FieldProblem[] {
  return [
    ...checkUniqueIds(file),
    ...checkNames(file),
    ...checkStaffedReaders(file),
    ...checkAreaCycles(file),
    ...checkSameSite(file),
    ...checkAddresses(file),
    ...checkApis(file),
  ];
}

function checkUniqueIds(file: ConfigFile): readonly FieldProblem[] {
  const lists = ['sites', 'areas', 'doors', 'buses', 'vpn_realms'] as const;
  return [
    ...lists.flatMap((list) => findDuplicates(file[list].map(({ id }, i) => ({ value: id, path: `${list}[${i}].id` })))),
    ...findDuplicates(listReaders(file).map(({ reader, path }) => ({ value: reader.id, path: `${path}.id` }))),
    // A website is an app to grants, policy and log.
    ...findDuplicates([
      ...file.apps.map(({ id }, i) => ({ value: id, path: `apps[${i}].id` })),
      ...file.websites.map(({ id }, i) => ({ value: id, path: `websites[${i}].id` })),
    ]),
    ...findDuplicates([
      ...file.websites.map(({ id }, i) => ({ value: websiteClientId(id), path: `websites[${i}].id` })),
      ...file.apps.map((app, i) => ({ value: app.client_id, path: `apps[${i}].client_id` })),
    ]),
    ...findDuplicates(
      file.websites.flatMap(({ origin, paths }, i) =>
        paths.map((path, p) => ({ value: `${origin}${path}`, path: `websites[${i}].paths[${p}]` })),
      ),
    ),
    ...findDuplicates(file.authzen.clients.map((client, i) => ({ value: client.id, path: `authzen.clients[${i}].id` }))),
    // Two clients of one key could not be told apart.
    ...findDuplicates(file.authzen.clients.map((client, i) => ({ value: client.key_sha256, path: `authzen.clients[${i}].key_sha256` }))),
    ...findDuplicates(file.scim.clients.map((client, i) => ({ value: client.id, path: `scim.clients[${i}].id` }))),
    ...findDuplicates(file.scim.clients.map((client, i) => ({ value: client.key_sha256, path: `scim.clients[${i}].key_sha256` }))),
    ...findDuplicates(
      file.vpn_realms.flatMap(({ key_sha256: key }, i) => (key === undefined ? [] : [{ value: key, path: `vpn_realms[${i}].key_sha256` }])),
    ),
    ...findDuplicates(file.networks.map((network, i) => ({ value: network.name, path: `networks[${i}].name` }))),
  ];
}

function checkNames(file: ConfigFile): FieldProblem[] {
  const known = {
    site: new Set(file.sites.map((site) => site.id)),
    area: new Set(file.areas.map((area) => area.id)),
    door: new Set(file.doors.map((door) => door.id)),
    app: new Set([...file.apps, ...file.websites].map((app) => app.id)),
    'reader type': new Set(Object.keys(file.reader_types)),
    'VPN realm': new Set(file.vpn_realms.map((realm) => realm.id)),
    schedule: new Set(['always', ...Object.keys(file.schedules)]),
  };
  const problems: FieldProblem[] = [];
  const refer = (kind: keyof typeof known, id: string | undefined, path: string): void => {
    if (id !== undefined && !known[kind].has(id)) problems.push({ path, message: `there is no ${kind} ${id}` });
  };
  file.areas.forEach((area, i) => {
    refer('site', area.site, `areas[${i}].site`);
    refer('area', area.parent, `areas[${i}].parent`);
    refer('app', area.requires_app, `areas[${i}].requires_app`);
  });
  file.doors.forEach((door, i) => {
    refer('site', door.site, `doors[${i}].site`);
    refer('area', door.from_area, `doors[${i}].from_area`);
    refer('area', door.to_area, `doors[${i}].to_area`);
    if (door.requires_pin !== 'never') refer('schedule', door.requires_pin, `doors[${i}].requires_pin`);
  });
  listReaders(file).forEach(({ reader, path }) => {
    refer('door', reader.door, `${path}.door`);
    refer('reader type', reader.type, `${path}.type`);
  });
  file.apps.forEach((app, i) => {
    refer('site', app.site, `apps[${i}].site`);
    refer('area', app.requires_area, `apps[${i}].requires_area`);
  });
  file.websites.forEach((website, i) => {
    refer('site', website.site, `websites[${i}].site`);
    refer('area', website.requires_area, `websites[${i}].requires_area`);
  });
  file.vpn_realms.forEach((realm, i) => refer('site', realm.site, `vpn_realms[${i}].site`));
  file.networks.forEach((network, i) => refer('site', network.site, `networks[${i}].site`));
  file.authzen.clients.forEach((client, i) =>
    client.resources.forEach((resource, r) => {
      const [type = '', id] = resource.split(':');
      const kind = type === 'door' || type === 'app' ? type : 'VPN realm';
      refer(kind, id, `authzen.clients[${i}].resources[${r}]`);
    }),
  );
  file.portal.listed.forEach((resource, i) => {
    const [type = '', id] = resource.split(':');
    const kind = type === 'door' || type === 'app' ? type : 'VPN realm';
    refer(kind, id, `portal.listed[${i}]`);
  });
  return problems;
}

/** Who badges at the way out says nothing: it opens to everybody, and asks nobody who they are. */
function checkStaffedReaders(file: ConfigFile): readonly FieldProblem[] {
  const sides = new Map(listReaders(file).map(({ reader }) => [reader.id, reader.side]));
  return file.portal.staffed_readers.flatMap((id, i) => {
    const path = `portal.staffed_readers[${i}]`;
    if (!sides.has(id)) return [{ path, message: `there is no reader ${id}` }];
    return sides.get(id) === 'exit' ? [{ path, message: `reader ${id} is on the way out, where nobody is asked who they are` }] : [];
  });
}

/** Walks upwards from every area; a chain longer than the list has been somewhere twice. */
function checkAreaCycles(file: ConfigFile): FieldProblem[] {
  const parents = new Map(file.areas.map((area) => [area.id, area.parent]));
  return file.areas.flatMap((area, i) => {
    let current = area.parent;
    for (let steps = 0; current !== undefined && current !== area.id && steps < file.areas.length; steps += 1)
      current = parents.get(current);
    return current === area.id ? [{ path: `areas[${i}].parent`, message: `area ${area.id} is inside itself` }] : [];
  });
}

function checkSameSite(file: ConfigFile): FieldProblem[] {
  const siteOf = new Map(file.areas.map((area) => [area.id, area.site]));
  const problems: FieldProblem[] = [];
  const compare = (areaId: string | undefined, site: string | undefined, path: string): void => {
    const actual = areaId === undefined ? undefined : siteOf.get(areaId);
    if (actual !== undefined && site !== undefined && actual !== site)
      problems.push({ path, message: `area ${areaId} is in site ${actual}, not ${site}` });
  };
  file.areas.forEach((area, i) => compare(area.parent, area.site, `areas[${i}].parent`));
  file.doors.forEach((door, i) => {
    compare(door.from_area, door.site, `doors[${i}].from_area`);
    compare(door.to_area, door.site, `doors[${i}].to_area`);
    if (door.from_area === door.to_area) problems.push({ path: `doors[${i}].to_area`, message: 'leads into the area it comes from' });
  });
  file.apps.forEach((app, i) => compare(app.requires_area, app.site, `apps[${i}].requires_area`));
  file.websites.forEach((website, i) => compare(website.requires_area, website.site, `websites[${i}].requires_area`));
  return problems;
}

function checkAddresses(file: ConfigFile): readonly FieldProblem[] {
  const onBus = file.buses.flatMap((bus, b) =>
    findDuplicates(bus.readers.map((reader, r) => ({ value: `address ${reader.address}`, path: `buses[${b}].readers[${r}].address` }))),
  );
  const links = file.buses.map((bus, b) => ({
    value: 'tcp' in bus.link ? `${bus.link.tcp.host}:${bus.link.tcp.port}` : bus.link.serial.path,
    path: `buses[${b}].link`,
  }));
  return [...onBus, ...findDuplicates(links)];
}

/** APIs that apps name exist, and what an app asks for as a machine is known at one of its APIs. */
function checkApis(file: ConfigFile): readonly FieldProblem[] {
  const byId = new Map(file.apis.map((api) => [api.id, api]));
  const unknown = file.apps.flatMap((app, i) => [
    ...app.apis.flatMap((id, a) => (byId.has(id) ? [] : [{ path: `apps[${i}].apis[${a}]`, message: `there is no API ${id}` }])),
    ...app.api_scopes.flatMap((scope, s) =>
      app.apis.some((id) => byId.get(id)?.scopes.includes(scope))
        ? []
        : [{ path: `apps[${i}].api_scopes[${s}]`, message: `no API of the app has the scope ${scope}` }],
    ),
  ]);
  return [
    ...findDuplicates(file.apis.map((api, i) => ({ value: api.id, path: `apis[${i}].id` }))),
    ...findDuplicates(file.apis.map((api, i) => ({ value: api.resource, path: `apis[${i}].resource` }))),
    ...unknown,
  ];
}
