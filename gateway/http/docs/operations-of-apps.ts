import {
  addAppBodySchema,
  appChoicesSchema,
  appDetailSchema,
  appProblemsSchema,
  appSettingsSchema,
  appWithSecretSchema,
  appsSchema,
  changeAppBodySchema,
  checkAppBodySchema,
  liveCheckSchema,
  registeredClientsSchema,
  rotateSecretBodySchema,
} from '../contract/apps.ts';
import { emptySchema, reasonBodySchema } from '../contract/common.ts';
import {
  identityProviderSchema,
  registrationTokenBodySchema,
  registrationTokenSchema,
  retireKeyBodySchema,
  retiredKeySchema,
  rotateKeysBodySchema,
  rotatedKeysSchema,
} from '../contract/oidc-admin.ts';
import type { Operations } from './operation.ts';

export const operationsOfApps: Operations = {
  tag: 'Apps and keys',
  base: '/api',
  operations: [
    ['get /apps', 'Apps, of the configuration file and added', { answer: appsSchema }],
    ['get /app-choices', 'What an app that is added may choose from', { answer: appChoicesSchema }],
    ['get /apps/:id', 'One app', { answer: appDetailSchema }],
    ['get /apps/:id/settings', 'Settings of an app to copy, for common clients', { answer: appSettingsSchema }],
    ['post /app-check', 'What is wrong with an app before it is added', { body: checkAppBodySchema, answer: appProblemsSchema }],
    ['post /apps', 'Add an app; its secret is shown once', { body: addAppBodySchema, answer: appWithSecretSchema }],
    ['post /apps/:id/change', 'Change an app', { body: changeAppBodySchema, answer: appDetailSchema }],
    [
      'post /apps/:id/secret',
      'Give an app a new secret; the old one stays valid as long as told',
      { body: rotateSecretBodySchema, answer: appWithSecretSchema },
    ],
    ['post /apps/:id/enable', 'Switch an app on', { body: reasonBodySchema, answer: appDetailSchema }],
    ['post /apps/:id/disable', 'Switch an app off', { body: reasonBodySchema, answer: appDetailSchema }],
    ['post /apps/:id/remove', 'Remove an app that was added', { body: reasonBodySchema, answer: emptySchema }],
    [
      'get /apps/:id/live-check',
      'The last sign-ins at an app, and what was wrong with them',
      { query: ['since'], answer: liveCheckSchema },
    ],
    ['get /apps/:id/live-check/events', 'The same as it happens (Server-Sent Events)', { query: ['since'], answer: 'events' }],
    ['post /oidc/keys/rotate', 'Begin a new generation of signing keys', { body: rotateKeysBodySchema, answer: rotatedKeysSchema }],
    [
      'post /oidc/registration-tokens',
      'Make an initial access token, with which clients register',
      { body: registrationTokenBodySchema, answer: registrationTokenSchema },
    ],
    ['get /oidc', 'Keys and registration of the identity provider', { answer: identityProviderSchema }],
    ['post /oidc/keys/retire', 'Retire a signing key at once', { body: retireKeyBodySchema, answer: retiredKeySchema }],
    ['get /oidc/clients', 'Clients that registered themselves', { query: ['after'], answer: registeredClientsSchema }],
    ['post /oidc/clients/:id/remove', 'Remove a client that registered itself', { body: reasonBodySchema, answer: emptySchema }],
  ],
};
