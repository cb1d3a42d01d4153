import { onTestFinished } from 'vitest';
import { startHttpGateway, type HttpGateway, type HttpGatewayOptions } from '../http-gateway.ts';
import { enrolPerson, signInToConsole } from '../oidc/sign-in.ts';

/** The HTTP half of the gateway for the running test; it closes when the test ends. */
export async function startGatewayOfTest(options: Partial<HttpGatewayOptions> = {}): Promise<HttpGateway> {
  const gateway = await startHttpGateway({ clients: [], ...options });
  onTestFinished(() => gateway.close());
  return gateway;
}

/** The same with an operator, Ada, who has signed in to the console. */
export async function startWithOperator({
  role = 'security_admin',
  ...options
}: Partial<HttpGatewayOptions> & { readonly role?: string } = {}) {
  const gateway = await startGatewayOfTest(options);
  const admin = await enrolPerson(gateway, 'ada', { roles: [role] });
  const { status } = await signInToConsole(gateway, admin);
  if (status !== 200) throw new Error(`the console answered ${String(status)}`);
  return { gateway, admin, api: (path: string) => apiUrl(gateway, path) };
}

export const apiUrl = ({ publicUrl }: Pick<HttpGateway, 'publicUrl'>, path: string): string => `${publicUrl}/api${path}`;
