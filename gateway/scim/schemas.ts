import { SCIM_BODY_BYTES_MAX } from './read-body.ts';

export const SCIM_PATH = '/scim/v2';
export const USER_SCHEMA = 'urn:ietf:params:scim:schemas:core:2.0:User';
export const GROUP_SCHEMA = 'urn:ietf:params:scim:schemas:core:2.0:Group';
export const ENTERPRISE_SCHEMA = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';
export const LIST_SCHEMA = 'urn:ietf:params:scim:api:messages:2.0:ListResponse';

/** Most resources of one page. */
export const SCIM_PAGE_MAX = 200;
/** Operations of one bulk request. */
export const BULK_OPERATIONS_MAX = 1_000;

interface Attribute {
  readonly name: string;
  readonly type: 'string' | 'boolean' | 'complex' | 'reference';
  readonly description: string;
  readonly required?: boolean;
  readonly multiValued?: boolean;
  readonly caseExact?: boolean;
  readonly mutability?: 'readWrite' | 'readOnly' | 'immutable';
  readonly uniqueness?: 'none' | 'server';
  readonly subAttributes?: readonly Attribute[];
}

const toAttribute = ({ subAttributes, ...attribute }: Attribute): object => ({
  multiValued: false,
  required: false,
  caseExact: false,
  mutability: 'readWrite',
  returned: 'default',
  uniqueness: 'none',
  ...attribute,
  ...(subAttributes === undefined ? {} : { subAttributes: subAttributes.map(toAttribute) }),
});

const EXTERNAL_ID: Attribute = {
  name: 'externalId',
  type: 'string',
  caseExact: true,
  description: 'The id in the directory that sends it.',
};

const USER_ATTRIBUTES: readonly Attribute[] = [
  { name: 'userName', type: 'string', required: true, uniqueness: 'server', description: 'The name in the directory.' },
  EXTERNAL_ID,
  { name: 'displayName', type: 'string', description: 'As people call the person.' },
  {
    name: 'name',
    type: 'complex',
    description: 'One text; names in parts are joined.',
    subAttributes: [{ name: 'formatted', type: 'string', description: 'The same as displayName.' }],
  },
  {
    name: 'emails',
    type: 'complex',
    multiValued: true,
    description: 'One address: the primary one, else that of work, else the first.',
    subAttributes: [
      { name: 'value', type: 'string', uniqueness: 'server', description: 'The address.' },
      { name: 'type', type: 'string', description: 'work' },
      { name: 'primary', type: 'boolean', description: 'true' },
    ],
  },
  {
    name: 'active',
    type: 'boolean',
    description: 'false closes doors and sessions at once. true does not bring a suspended person back: two operators do.',
  },
  {
    name: 'groups',
    type: 'complex',
    multiValued: true,
    mutability: 'readOnly',
    description: 'Groups whose grants the person has.',
    subAttributes: [{ name: 'value', type: 'string', mutability: 'readOnly', description: 'Id of the group.' }],
  },
];

const GROUP_ATTRIBUTES: readonly Attribute[] = [
  { name: 'displayName', type: 'string', required: true, uniqueness: 'server', description: 'The id is made of the first one and stays.' },
  EXTERNAL_ID,
  {
    name: 'members',
    type: 'complex',
    multiValued: true,
    description: 'People, and groups whose people are in this one too.',
    subAttributes: [
      { name: 'value', type: 'string', caseExact: true, mutability: 'immutable', description: 'Id of the person or group.' },
      { name: 'type', type: 'string', mutability: 'immutable', description: 'User or Group.' },
      { name: '$ref', type: 'reference', caseExact: true, mutability: 'immutable', description: 'Its address.' },
    ],
  },
];

const meta = (resourceType: string, base: string, id: string) => ({ resourceType, location: `${base}/${resourceType}s/${id}` });

export const schemaDocuments = (base: string): readonly { readonly id: string }[] => [
  schema(base, USER_SCHEMA, 'User', USER_ATTRIBUTES),
  schema(base, GROUP_SCHEMA, 'Group', GROUP_ATTRIBUTES),
];

function schema(base: string, id: string, name: string, attributes: readonly Attribute[]) {
  const schemas = ['urn:ietf:params:scim:schemas:core:2.0:Schema'];
  return { schemas, id, name, attributes: attributes.map(toAttribute), meta: meta('Schema', base, id) };
}

export const resourceTypeDocuments = (base: string): readonly { readonly id: string }[] =>
  [
    { id: 'User', endpoint: '/Users', schema: USER_SCHEMA, description: 'People' },
    { id: 'Group', endpoint: '/Groups', schema: GROUP_SCHEMA, description: 'Groups of people' },
  ].map((type) => ({
    schemas: ['urn:ietf:params:scim:schemas:core:2.0:ResourceType'],
    name: type.id,
    ...type,
    meta: meta('ResourceType', base, type.id),
  }));

export const serviceProviderConfig = (base: string): object => ({
  schemas: ['urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig'],
  patch: { supported: true },
  bulk: { supported: true, maxOperations: BULK_OPERATIONS_MAX, maxPayloadSize: SCIM_BODY_BYTES_MAX },
  filter: { supported: true, maxResults: SCIM_PAGE_MAX },
  changePassword: { supported: false },
  sort: { supported: true },
  etag: { supported: true },
  authenticationSchemes: [
    {
      type: 'oauthbearertoken',
      name: 'Bearer key',
      description: 'The key of a client in scim.clients of the configuration.',
      primary: true,
    },
  ],
  meta: { resourceType: 'ServiceProviderConfig', location: `${base}/ServiceProviderConfig` },
});
