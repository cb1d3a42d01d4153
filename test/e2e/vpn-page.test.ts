import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { enrolmentLinkSchema } from '#gateway/http/contract/admin.ts';
import { addAuthenticator, launchConsoleBrowser, openWatchedPage } from '#test/support/console/browser.ts';
import { layOutVpnSite, REALM, type VpnSite } from '#test/support/vpn-site.ts';

let site: VpnSite;
let browser: Browser;

beforeAll(async () => {
  site = await layOutVpnSite();
  browser = await launchConsoleBrowser();
});
afterAll(async () => {
  await browser?.close();
  await site?.remove();
});

/** A person with a passkey in a browser of their own, on the VPN page. */
async function openPage(personId: string) {
  const context = await browser.newContext();
  const { complaints, page } = await openWatchedPage(context);
  await addAuthenticator(page);
  const { url } = await site.gateway.api.post(`/api/people/${personId}/enrolment`, {}, enrolmentLinkSchema);
  await page.goto(url);
  await page.getByRole('button', { name: /passkey/i }).click();
  await page
    .getByText(/passkey is ready|you can sign in|enrolled/i)
    .first()
    .waitFor();
  await page.goto(`${site.gateway.url}/vpn`);
  await page.getByRole('combobox', { name: 'VPN' }).selectOption(REALM);
  await page.getByRole('button', { name: 'Get a code with passkey' }).click();
  return { page, complaints };
}

describe('the VPN page', () => {
  it('gives name and code to whoever may connect, and the code works', async () => {
    const { complaints, page } = await openPage('usr_ann');
    await page.getByRole('heading', { name: 'Your code for Staff VPN' }).waitFor();
    expect(await page.getByText('ann@example.test').count()).toBe(1);
    const code = (await page.getByText(/^\d{4} \d{4}$/).textContent()) ?? '';
    const attribute = (value: string) => ({ type: 'string', value: [value] });
    const answer = await fetch(`${site.gateway.url}/api/vpn/${REALM}/authenticate`, {
      method: 'POST',
      headers: { authorization: `Bearer ${site.key}`, 'content-type': 'application/json' },
      body: JSON.stringify({ 'User-Name': attribute('ann@example.test'), 'User-Password': attribute(code) }),
    });
    expect(answer.status).toBe(204);
    expect(complaints).toEqual([]);
  });

  it('says to whoever may not why, and what to do', async () => {
    const { complaints, page } = await openPage('usr_cleo');
    await page.getByRole('heading', { name: 'Staff VPN is closed to you right now' }).waitFor();
    expect(await page.getByText('You have no access to this.').count()).toBe(1);
    expect(await page.getByText(/dec_[a-z2-7]+/).count()).toBe(1);
    expect(complaints).toEqual([]);
  });
});
