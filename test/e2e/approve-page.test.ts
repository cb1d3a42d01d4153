import { fileURLToPath } from 'node:url';
import * as client from 'openid-client';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { PersonId } from '#gateway/domain/site/ids.ts';
import { addAuthenticator, launchConsoleBrowser, openWatchedPage } from '#test/support/console/browser.ts';
import { startHttpGateway } from '#test/support/http-gateway.ts';
import { CLIENT_SECRET } from '#test/support/oidc/client.ts';
import { clientWith, discoverAs } from '#test/support/oidc/flows.ts';
import { personId, somePerson } from '#test/support/people.ts';

const UI_DIR = fileURLToPath(new URL('../../admin-ui/dist', import.meta.url));

let browser: Browser;
beforeAll(async () => {
  browser = await launchConsoleBrowser();
});
afterAll(async () => {
  await browser?.close();
});

it('shows what an app asks for, and approves it by the passkey, under the content security policy', async () => {
  const kiosk = clientWith({ grants: ['ciba'] }, { clientId: 'kiosk', redirectUris: [] });
  const gateway = await startHttpGateway({ clients: [kiosk], uiDir: UI_DIR });
  await gateway.people.save(somePerson('ann'));
  try {
    const { page, complaints } = await openWatchedPage(await browser.newContext());
    await addAuthenticator(page);
    const { url } = await gateway.enrolment.offer({ personId: personId('ann'), operatorId: 'local' as PersonId });
    await page.goto(url);
    await page.getByRole('button', { name: 'Create passkey' }).click();
    await page.getByRole('heading', { name: 'Your passkey is ready' }).waitFor();
    const config = await discoverAs(gateway, client.ClientSecretBasic(CLIENT_SECRET), 'kiosk');
    const asked = await client.initiateBackchannelAuthentication(config, {
      scope: 'openid',
      login_hint: 'ann@example.test',
      binding_message: 'Order 4711',
    });

    await page.goto(`${gateway.publicUrl}/oidc/approve`);
    await page.getByRole('button', { name: 'Show my requests' }).click();
    await page.getByText('Wiki: Order 4711').waitFor();
    await page.getByRole('button', { name: 'Approve' }).click();
    await page.getByText('Approved. The app goes on.').waitFor();

    const tokens = await client.pollBackchannelAuthenticationGrant(config, { ...asked, interval: 0.01 });
    expect(tokens.claims()?.sub).toBe('person_ann');
    expect(complaints).toEqual([]);
  } finally {
    await gateway.close();
  }
});
