import { resolve } from 'node:path';
import type { AppId, AreaId, BusId, DoorId, ReaderId, SiteId, VpnRealmId } from '../../domain/site/ids.ts';
import type { Website } from '../../domain/site/website.ts';
import type { App, Installation, ReaderBiometrics } from '../../domain/site/site.ts';
import type { BusConfig, BusLink, Config, ScheduleConfig, VpnConfig } from './config.ts';
import type { ConfigFile } from './file-schema.ts';
import { toApi, toClient } from './to-client.ts';
import { toSigns } from './to-signs.ts';
import { toUpstream } from './upstream-config.ts';

/*
 * The only place that brands ids of the configuration: they have passed `idSchema`, and `checkReferences` has seen that each one
 * names what it says.
 */
const areaOrNull = (id: string | undefined): AreaId | null => (id === undefined ? null : (id as AreaId));
const siteOrNull = (id: string | undefined): SiteId | null => (id === undefined ? null : (id as SiteId));

/** From the checked file to what the gateway works with. `baseDir` resolves a relative data_dir. */
export function toConfig(file: ConfigFile, baseDir: string): Config {
  return {
    publicUrl: new URL(file.public_url).origin,
    listen: { host: file.listen.host, port: file.listen.port },
    dataDir: resolve(baseDir, file.data_dir),
    trustedProxies: file.trusted_proxies,
    countryDatabase: file.country_database === undefined ? null : resolve(baseDir, file.country_database),
    installation: toInstallation(file),
    buses: file.buses.map(toBus),
    signs: toSigns(file),
    networks: file.networks.map((network) => ({
      name: network.name,
      cidr: network.cidr,
      zone: network.zone,
      siteId: siteOrNull(network.site),
      country: network.country ?? null,
    })),
    clients: file.apps.map(toClient),
    websites: file.websites.map(toWebsite),
    vpn: file.vpn_realms.map(toVpn(baseDir)),
    upstreams: file.upstreams.map(toUpstream(file)),
    schedules: {
      always: ALWAYS,
      ...Object.fromEntries(Object.entries(file.schedules).map(([name, schedule]) => [name, toSchedule(schedule)])),
    },
    holidays: new Map(file.sites.map((site) => [site.id as SiteId, site.holidays])),
    ...toLimits(file),
  };
}

function toLimits(file: ConfigFile): Pick<Config, 'oidc' | 'authzen' | 'scim' | 'console' | 'portal' | 'decide' | 'log'> {
  return {
    oidc: {
      accessTokenTtlS: file.oidc.access_token_ttl_s,
      refreshTokenTtlS: file.oidc.refresh_token_ttl_s,
      sessionTtlS: file.oidc.session_ttl_s,
      keyPublishAheadS: file.oidc.key_publish_ahead_s,
      freshBadgeS: file.oidc.fresh_badge_s,
      deskAgentPort: file.oidc.desk_agent_port,
      apis: file.apis.map(toApi),
    },
    authzen: {
      clients: file.authzen.clients.map((client) => ({
        id: client.id,
        keySha256: client.key_sha256,
        actions: client.actions,
        resources: client.resources,
        fulfils: client.obligations,
        hasSecureReaders: client.secure_readers,
      })),
    },
    scim: { clients: file.scim.clients.map((client) => ({ id: client.id, keySha256: client.key_sha256 })) },
    console: {
      sessionTtlS: file.console.session_ttl_s,
      cliTokenTtlS: file.console.cli_token_ttl_s,
      enrolmentLinkTtlS: file.console.enrolment_link_ttl_s,
      reinstatementTtlS: file.console.reinstatement_ttl_s,
    },
    portal: {
      sessionTtlS: file.portal.session_ttl_s,
      listed: file.portal.listed,
      staffedReaders: file.portal.staffed_readers.map((id) => id as ReaderId),
      badgeWindowS: file.portal.badge_window_s,
      recoveryCodeTtlS: file.portal.recovery_code_ttl_s,
    },
    decide: { timeoutMs: file.decide.timeout_ms },
    log: { level: file.log.level },
  };
}

function toInstallation(file: ConfigFile): Installation {
  return {
    sites: file.sites.map((site) => ({
      id: site.id as SiteId,
      name: site.name,
      timeZone: site.time_zone,
      ...(site.reader_keys === 'diversified' ? { readerKeys: site.reader_keys } : {}),
    })),
    areas: file.areas.map((area) => ({
      id: area.id as AreaId,
      siteId: area.site as SiteId,
      parentId: areaOrNull(area.parent),
      name: area.name,
      securityLevel: area.security_level,
      captive: area.captive,
      requiresAppId: area.requires_app === undefined ? null : (area.requires_app as AppId),
    })),
    doors: file.doors.map((door) => ({
      id: door.id as DoorId,
      siteId: door.site as SiteId,
      name: door.name,
      fromAreaId: areaOrNull(door.from_area),
      toAreaId: door.to_area as AreaId,
      lock: door.lock,
      releaseMs: door.release_ms,
      extendedReleaseMs: door.extended_release_ms,
      openMs: door.open_ms,
      extendedOpenMs: door.extended_open_ms,
      requiresPin: door.requires_pin === 'never' ? null : door.requires_pin,
      offlineLeaseS: door.offline_lease_s,
    })),
    readers: file.buses.flatMap(toReaders),
    apps: [
      ...file.apps.map((app) => toApp(app, app.client_id)),
      ...file.websites.map((website) => toApp(website, websiteClientId(website.id))),
    ],
    vpnRealms: file.vpn_realms.map((realm) => ({
      id: realm.id as VpnRealmId,
      name: realm.name,
      siteId: siteOrNull(realm.site),
      sensitivity: realm.sensitivity,
    })),
  };
}

function toApp(app: ConfigFile['apps'][number] | ConfigFile['websites'][number], clientId: string): App {
  return {
    id: app.id as AppId,
    name: app.name,
    clientId,
    sensitivity: app.sensitivity,
    siteId: siteOrNull(app.site),
    requiresAreaId: areaOrNull(app.requires_area),
    maxPresenceAgeS: app.max_presence_age_s,
    allowedNetworks: app.allowed_networks,
    maxAuthAgeS: app.max_auth_age_s,
  };
}

/** No configured client can have it: theirs are compared with it at the check. */
export const websiteClientId = (id: string): string => `website:${id}`;

function toWebsite(website: ConfigFile['websites'][number]): Website {
  const { id, name, origin, paths } = website;
  return { appId: id as AppId, name, clientId: websiteClientId(id), origin, paths, publicPaths: website.public_paths };
}

const toVpn =
  (baseDir: string) =>
  (realm: ConfigFile['vpn_realms'][number]): VpnConfig => {
    const { certificates, disconnect } = realm;
    return {
      realmId: realm.id as VpnRealmId,
      keySha256: realm.key_sha256 ?? null,
      sessionTtlS: realm.session_ttl_s,
      interimS: realm.interim_s,
      ocservSocket: realm.ocserv_socket ?? null,
      openvpnSocket: realm.openvpn_socket ?? null,
      push: realm.push,
      certificates:
        certificates === undefined
          ? null
          : { issuers: certificates.issuers, vlans: certificates.vlans.map(({ group, vlan }) => ({ group: group ?? null, vlan })) },
      disconnect: disconnect.map(({ host, nas, port, secret_file: secretFile }) => ({
        nas,
        host: host ?? nas,
        port,
        secretFile: resolve(baseDir, secretFile),
      })),
    };
  };

function toReaders(bus: ConfigFile['buses'][number]): Installation['readers'] {
  return bus.readers.map((reader) => ({
    id: reader.id as ReaderId,
    name: reader.name,
    doorId: reader.door as DoorId,
    side: reader.side,
    busId: bus.id as BusId,
    address: reader.address,
    strikeOutput: reader.strike_output ?? null,
    contactInput: reader.contact_input ?? null,
    rexInput: reader.rex_input ?? null,
    ...(reader.secure_channel === 2 ? { secureChannel: reader.secure_channel } : {}),
    ...(reader.answers_sign_ins ? { answersSignIns: true } : {}),
    ...(reader.biometrics === undefined ? {} : { biometrics: toBiometrics(reader.biometrics) }),
  }));
}

function toBiometrics(file: NonNullable<ConfigFile['buses'][number]['readers'][number]['biometrics']>): ReaderBiometrics {
  const { format, liveness, quality_min: qualityMin, score_high: high, score_standard: standard, type } = file;
  return { type, format, qualityMin, scores: { standard, high }, liveness };
}

function toBus(bus: ConfigFile['buses'][number]): BusConfig {
  const link: BusLink = 'tcp' in bus.link ? { kind: 'tcp', ...bus.link.tcp } : { kind: 'serial', ...bus.link.serial };
  return { id: bus.id as BusId, link, pollIntervalMs: bus.poll_interval_ms };
}

const ALWAYS: ScheduleConfig = { weekdays: [1, 2, 3, 4, 5, 6, 7], fromMinute: 0, untilMinute: 1_440, onHolidays: true };

function toSchedule(schedule: ConfigFile['schedules'][string]): ScheduleConfig {
  return {
    weekdays: [...new Set(schedule.weekdays)].sort((left, right) => left - right),
    fromMinute: toMinute(schedule.from),
    untilMinute: toMinute(schedule.until),
    onHolidays: schedule.holidays,
  };
}

/** `hh:mm` as checked by the schema. */
function toMinute(clockTime: string): number {
  const [hours, minutes] = clockTime.split(':').map(Number);
  return (hours ?? 0) * 60 + (minutes ?? 0);
}
