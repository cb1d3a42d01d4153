import { z } from 'zod';

/** What is asked for: the one list of things that the policy decides about. */
export const actionNameSchema = z.enum([
  'door.unlock',
  'app.login',
  'token.refresh',
  'vpn.connect',
  'self.sign_in',
  'self.read',
  'self.close',
  'self.change',
  'console.sign_in',
  'console.read',
  'person.suspend',
  'person.reinstate',
  'person.unrestrict',
  'person.enrol',
  'person.recover',
  'person.import',
  'door.operate',
  'reader.maintain',
  'policy.propose',
  'policy.approve',
  'policy.activate',
  'policy.emergency',
  'policy.data_edit',
  'policy.data_open',
  'policy.threat_raise',
  'app.manage',
  'oidc.manage',
  'oidc.emergency',
]);
export type ActionName = z.infer<typeof actionNameSchema>;
