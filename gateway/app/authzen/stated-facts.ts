import { z } from 'zod';
import { parseAddress } from '../../domain/site/address-range.ts';
import { tryParse } from '../../domain/try-parse.ts';
import type { NetworkEvidence } from '../access/types.ts';
import type { Question, Refused } from './types.ts';

/**
 * What only the gateway knows. An enforcement point that states one of these would believe that it counted: the question is refused
 * rather than the statement silently left out.
 */
export const CONTEXT_OF_THE_GATEWAY: readonly string[] = [
  'presence',
  'credential',
  'authentication',
  'standing',
  'status',
  'pin',
  'device',
  'risk',
  'operator',
  'pep',
  'channel',
  'epoch',
];
export const SUBJECT_OF_THE_GATEWAY: readonly string[] = [
  'known',
  'status',
  'standing',
  'roles',
  'groups',
  'clearance',
  'employment_end_ms',
  'accessibility',
  'presence',
  'credential',
];
export const RESOURCE_OF_THE_GATEWAY: readonly string[] = [
  'known',
  'site',
  'area',
  'security_level',
  'mode',
  'requires_app',
  'requires_pin',
  'allowed_networks',
  'max_auth_age_s',
  'max_presence_age_s',
];

/** What an enforcement point may state: the address that it sees the person's device at. Everything else is left out. */
const statedSchema = z.looseObject({
  network: z
    .looseObject({
      ip: z
        .string()
        .max(45)
        .refine((text) => parseAddress(text) !== null, 'is no IP address'),
    })
    .optional(),
});

export type Stating = Pick<Question, 'context'> & { readonly subject: Described; readonly resource: Described };

interface Described {
  readonly type: string;
  readonly properties?: Readonly<Record<string, unknown>> | undefined;
}

export type Stated = { readonly kind: 'stated'; readonly network: NetworkEvidence };

const NOTHING_STATED: Stated = { kind: 'stated', network: { source: 'none' } };

export function readStated({ context, subject, resource }: Stating): Stated | Refused {
  const claimed =
    firstOf(context, CONTEXT_OF_THE_GATEWAY, 'context') ??
    firstOf(subject.properties, SUBJECT_OF_THE_GATEWAY, 'subject.properties') ??
    firstOf(resource.properties, RESOURCE_OF_THE_GATEWAY, 'resource.properties');
  if (claimed !== null) return refuse(`${claimed}: the gateway resolves this itself; an enforcement point cannot state it`);
  if (!Object.hasOwn(context, 'network')) return NOTHING_STATED;
  const parsed = tryParse(statedSchema, context);
  if (!parsed.success) return refuse('context.network: is not an object with ip, an IP address');
  const ip = parsed.data.network?.ip;
  return ip === undefined ? NOTHING_STATED : { kind: 'stated', network: { source: 'pep', ip } };
}

function firstOf(stated: Readonly<Record<string, unknown>> | undefined, names: readonly string[], where: string): string | null {
  const name = names.find((candidate) => stated !== undefined && Object.hasOwn(stated, candidate));
  return name === undefined ? null : `${where}.${name}`;
}

const refuse = (message: string): Refused => ({ kind: 'refused', status: 400, message });
