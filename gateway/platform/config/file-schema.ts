import { z } from 'zod';
import { APPS_MAX, NETWORKS_MAX, SCHEDULES_MAX, appSchema, networkSchema, scheduleSchema } from './app-schema.ts';
import { APIS_MAX, apiSchema } from './client-schema.ts';
import { authzenSchema } from './authzen-schema.ts';
import { field } from './field.ts';
import { READER_TYPES_MAX, readerTypeSchema } from './reader-type-schema.ts';
import { portalSchema } from './portal-schema.ts';
import { consoleSchema, decideSchema, logSchema, oidcSchema, serviceShape } from './service-schema.ts';
import { scimSchema } from './scim-schema.ts';
import { UPSTREAMS_MAX, upstreamSchema } from './upstream-schema.ts';
import { VPN_REALMS_MAX, vpnRealmSchema } from './vpn-schema.ts';
import { WEBSITES_MAX, websiteSchema } from './website-schema.ts';
import { AREAS_MAX, BUSES_MAX, DOORS_MAX, SITES_MAX, areaSchema, busSchema, doorSchema, idSchema, siteSchema } from './site-schema.ts';

/** The one schema of gatehouse.yaml. Unknown keys are refused: a misspelt protection must not look like one. */
export const configFileSchema = z.strictObject({
  ...serviceShape,
  sites: field(z.array(siteSchema).max(SITES_MAX).default([]), 'list', 'Places with doors, each in one time zone.'),
  areas: field(z.array(areaSchema).max(AREAS_MAX).default([]), 'list', 'Areas form a tree inside a site; presence is kept by area.'),
  doors: field(z.array(doorSchema).max(DOORS_MAX).default([]), 'list', 'A door leads from one area into another.'),
  buses: field(z.array(busSchema).max(BUSES_MAX).default([]), 'list', 'OSDP lines and the readers on them.'),
  reader_types: field(
    z
      .record(idSchema, readerTypeSchema)
      .refine((types) => Object.keys(types).length <= READER_TYPES_MAX, `holds more than ${READER_TYPES_MAX} reader types`)
      .default({}),
    'name: reader type',
    'Light, sound and text of each outcome, for readers that name the type. What is not set is as every reader does it.',
  ),
  apps: field(z.array(appSchema).max(APPS_MAX).default([]), 'list', 'Systems that people sign in to, each an OIDC client.'),
  apis: field(z.array(apiSchema).max(APIS_MAX).default([]), 'list', 'APIs that take access tokens of the gateway.'),
  websites: field(
    z.array(websiteSchema).max(WEBSITES_MAX).default([]),
    'list',
    'Web applications behind a proxy that asks the gateway about each request (forward-auth).',
  ),
  vpn_realms: field(
    z.array(vpnRealmSchema).max(VPN_REALMS_MAX).default([]),
    'list',
    'Remote-access services whose logins ask the gateway.',
  ),
  upstreams: field(
    z.array(upstreamSchema).max(UPSTREAMS_MAX).default([]),
    'list',
    'Identity providers outside, at which people sign in before or instead of their passkey.',
  ),
  networks: field(
    z.array(networkSchema).max(NETWORKS_MAX).default([]),
    'list',
    'What the address of a request says about where it comes from.',
  ),
  schedules: field(
    z
      .record(idSchema, scheduleSchema)
      .refine((schedules) => Object.keys(schedules).length <= SCHEDULES_MAX, `holds more than ${SCHEDULES_MAX} schedules`)
      .refine((schedules) => !('always' in schedules), "defines 'always', which every configuration already has")
      .default({}),
    'name: schedule',
    "Times of week that grants refer to. The schedule 'always' exists without being written here.",
  ),
  oidc: field(oidcSchema.prefault({}), 'section', 'Life times of what apps are given.'),
  authzen: field(authzenSchema.prefault({}), 'section', 'Decisions for enforcement points elsewhere, over AuthZEN 1.0.'),
  scim: field(scimSchema.prefault({}), 'section', 'Directories that drive the life of accounts, over SCIM 2.0.'),
  console: field(consoleSchema.prefault({}), 'section', 'Life times of what operators are given.'),
  portal: field(portalSchema.prefault({}), 'section', "People's own side, and the way back in of who has no passkey."),
  decide: field(decideSchema.prefault({}), 'section', 'Bounds of one decision.'),
  log: field(logSchema.prefault({}), 'section', 'The operating log on standard output.'),
});

/** As written, every field optional that has a default. */
export type ConfigFileInput = z.input<typeof configFileSchema>;
/** As read, defaults filled in. */
export type ConfigFile = z.output<typeof configFileSchema>;
