import type { Operations } from './operation.ts';
import { operationsOfApps } from './operations-of-apps.ts';
import { operationsOfDemo } from './operations-of-demo.ts';
import { operationsOfDevices } from './operations-of-devices.ts';
import { operationsOfPeople } from './operations-of-people.ts';
import { operationsOfPolicy } from './operations-of-policy.ts';
import { operationsOfPolicyData } from './operations-of-policy-data.ts';
import { operationsOfReaders } from './operations-of-readers.ts';
import { operationsOfSelf } from './operations-of-self.ts';
import { operationsOfSignIn } from './operations-of-sign-in.ts';
import { operationsOfDecisions, operationsOfHealth, operationsOfUpstream } from './operations-of-faces.ts';
import { operationsOfForwardAuth } from './operations-of-forward-auth.ts';
import { operationsOfIssuerMetadata, operationsOfOidc } from './operations-of-oidc.ts';
import { operationsOfRadius } from './operations-of-radius.ts';
import { operationsOfScim } from './operations-of-scim.ts';

/** All of them, in the order in which people read about them. */
export const OPERATIONS: readonly Operations[] = [
  operationsOfOidc,
  operationsOfIssuerMetadata,
  operationsOfDecisions,
  operationsOfForwardAuth,
  operationsOfScim,
  operationsOfRadius,
  operationsOfUpstream,
  operationsOfPeople,
  operationsOfReaders,
  operationsOfPolicy,
  operationsOfPolicyData,
  operationsOfApps,
  operationsOfDevices,
  operationsOfSelf,
  operationsOfSignIn,
  operationsOfDemo,
  operationsOfHealth,
];
