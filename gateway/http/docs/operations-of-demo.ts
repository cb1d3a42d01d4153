import { emptySchema } from '../contract/common.ts';
import {
  demoBadgeResultSchema,
  demoBadgeSchema,
  demoExitResultSchema,
  demoExitSchema,
  demoKeysSchema,
  demoNetworkSchema,
  demoSchema,
} from '../contract/demo.ts';
import type { Operations } from './operation.ts';

export const operationsOfDemo: Operations = {
  tag: 'Demo site',
  base: '/api',
  operations: [
    ['get /demo', 'What can be tried at the demo site', { caller: 'nobody', answer: demoSchema }],
    ['post /demo/badge', 'Hold a badge to a simulated reader', { caller: 'nobody', body: demoBadgeSchema, answer: demoBadgeResultSchema }],
    ['post /demo/keys', 'Press keys at a simulated reader', { caller: 'nobody', body: demoKeysSchema, answer: demoBadgeResultSchema }],
    ['post /demo/exit', 'Leave by an exit button', { caller: 'nobody', body: demoExitSchema, answer: demoExitResultSchema }],
    [
      'post /demo/network',
      'Say where the browser is, at the demo site',
      { caller: 'nobody', body: demoNetworkSchema, answer: emptySchema },
    ],
  ],
};
