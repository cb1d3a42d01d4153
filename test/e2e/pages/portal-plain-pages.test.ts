import * as client from 'openid-client';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectAccessible, expectNothingSideways } from '#test/support/console/accessibility.ts';
import { launchConsoleBrowser, openWatchedPage } from '#test/support/console/browser.ts';
import { startHttpGateway, type HttpGateway } from '#test/support/http-gateway.ts';
import { CLIENT_SECRET } from '#test/support/oidc/client.ts';
import { clientWith, discoverAs } from '#test/support/oidc/flows.ts';

/** The pages that the gateway renders itself: no single-page app is behind them, and they work without scripts in the browser's language. */

let gateway: HttpGateway;
let browser: Browser;
beforeAll(async () => {
  gateway = await startHttpGateway({ clients: [clientWith({ grants: ['device_code'] }, { clientId: 'tv', redirectUris: [] })] });
  browser = await launchConsoleBrowser();
});
afterAll(async () => {
  await browser?.close();
  await gateway?.close();
});

async function enterCode(page: Page): Promise<void> {
  const config = await discoverAs(gateway, client.ClientSecretBasic(CLIENT_SECRET), 'tv');
  const { user_code: code } = await client.initiateDeviceAuthorization(config, { scope: 'openid' });
  await page.goto(`${gateway.publicUrl}/oidc/device`);
  await page.getByRole('textbox').fill(code);
  await page.getByRole('button', { name: 'Continue' }).click();
  await page.getByText(code).waitFor();
}

const pages: readonly (readonly [
  name: string,
  titles: readonly [string, string, string],
  open: string | ((page: Page) => Promise<void>),
])[] = [
  ['a device’s code', ['Sign in on a device', 'Auf einem Gerät anmelden', 'Iniciar sesión en un dispositivo'], '/oidc/device'],
  ['a device that shows the code', ['Sign in to Wiki', 'Bei Wiki anmelden', 'Iniciar sesión en Wiki'], enterCode],
  ['the requests of apps', ['Requests to you', 'Anfragen an Sie', 'Solicitudes para usted'], '/oidc/approve'],
  ['a session that is over', ['Signed out', 'Abgemeldet', 'Sesión cerrada'], '/oidc/session/end'],
  [
    'a request that is none',
    ['This sign-in cannot go on', 'Diese Anmeldung kann nicht fortgesetzt werden', 'Este inicio de sesión no puede continuar'],
    '/oidc/auth?client_id=nobody',
  ],
  ['an address where nothing is', ['Nothing here', 'Hier ist nichts', 'Aquí no hay nada'], '/nope'],
];

describe('in three languages, light and dark', () => {
  it.each(pages)('%s is accessible, and fits into 380 px', async (_name, [english, german, spanish], open) => {
    const context = await browser.newContext({ viewport: { width: 380, height: 800 }, reducedMotion: 'reduce' });
    const { complaints, page } = await openWatchedPage(context);
    if (typeof open === 'string') await page.goto(gateway.publicUrl + open);
    else await open(page);
    for (const [title, language, next] of [
      [english, 'en', 'Deutsch'],
      [german, 'de', 'Español'],
      [spanish, 'es', 'English'],
    ] as const) {
      await page.getByRole('heading', { name: title, exact: true }).waitFor();
      await page.locator(`html[lang=${language}]`).waitFor();
      await expectAccessible(page, { name: title });
      await expectNothingSideways(page, title);
      await page.getByRole('button', { name: next }).click();
    }
    await page.getByRole('heading', { name: english, exact: true }).waitFor();
    await context.close();
    expect(complaints).toEqual([]);
  });

  it('are in the browser’s language without a script', async () => {
    const context = await browser.newContext({ locale: 'es-MX', javaScriptEnabled: false });
    const page = await context.newPage();
    await page.goto(`${gateway.publicUrl}/oidc/device`);
    await page.getByRole('heading', { name: 'Iniciar sesión en un dispositivo' }).waitFor();
    expect(await page.getByRole('button').allInnerTexts()).toEqual(['Continuar']);
    await context.close();
  });
});
