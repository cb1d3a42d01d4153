import type { DataChangeLine, PartName } from '#gateway/http/contract/policy-data.ts';
import type { Tone } from '../../shared/log/describe-record.ts';

export const partNames: Readonly<Record<PartName, string>> = {
  grants: 'Grants',
  profiles: 'Access profiles',
  schedules: 'Schedules',
  holidays: 'Holidays',
  areas: 'Areas',
  threats: 'Threat level',
  exceptions: 'Exceptions',
  library: 'Library',
};

/** One item of a part. */
export const itemNames: Readonly<Record<PartName, string>> = {
  grants: 'Grant',
  profiles: 'Access profile',
  schedules: 'Schedule',
  holidays: 'Holiday',
  areas: 'Area',
  threats: 'Threat level',
  exceptions: 'Exception',
  library: 'Library policy',
};

export const kindChips: Readonly<Record<DataChangeLine['kind'], { readonly tone: Tone; readonly label: string }>> = {
  added: { tone: 'ok', label: 'New' },
  replaced: { tone: 'warn', label: 'Changed' },
  removed: { tone: 'deny', label: 'Gone' },
};

export const resourceKindNames = { door: 'Door', app: 'App', vpn_realm: 'VPN realm' } as const;
