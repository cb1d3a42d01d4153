import { beforeEach, expect, it } from 'vitest';
import { decodeImage } from '#face-model/image/decode-image.ts';
import { readCode } from '#face-model/image/read-code.ts';
import { encodeFaceCode } from '#gateway/domain/face/face-code.ts';
import { expectAccessible, expectNothingSideways } from '#test/support/console/accessibility.ts';
import { addAuthenticator } from '#test/support/console/browser.ts';
import { useFakeConsole } from '#test/support/console/fake-console.ts';

const ui = useFakeConsole();
const codeOf = (template: string): Uint8Array =>
  encodeFaceCode({ template, sealed: Uint8Array.from({ length: 542 }, (_, i) => (i * 31 + (i >> 3)) & 255) });
const linkTo = (code: Uint8Array): string => `/me/face#${Buffer.from(code).toString('base64url')}`;
/** What a terminal's camera reads off the screen. */
const readScreen = async (): Promise<Uint8Array | null> => {
  const decoded = await decodeImage(await ui.page.screenshot());
  return decoded.kind === 'frame' ? readCode(decoded.frame) : null;
};
const kept = () => ui.page.evaluate<string>('JSON.stringify(localStorage)');

/** A phone, that asks for little motion: nothing on it is still moving when its picture is taken. */
beforeEach(async () => {
  await ui.page.setViewportSize({ width: 390, height: 780 });
  await ui.page.emulateMedia({ reducedMotion: 'reduce' });
});

it('keeps the face code of a link in the browser alone, shows it so that a camera reads it, and removes it', async () => {
  const [first, second] = [codeOf('tpl_first'), codeOf('tpl_second')];
  const asked: string[] = [];
  ui.page.on('request', (request) => asked.push(`${request.url()} ${request.postData() ?? ''}`));
  ui.api.portal.isSignedIn = true;
  await ui.open(linkTo(first));
  await ui.heading('A face code has arrived');
  expect(new URL(ui.page.url()).hash).toBe('');
  expect(await kept()).not.toContain('tpl_first');
  await expectAccessible(ui.page, { name: 'a code that arrived' });
  await ui.button('Keep it on this phone').click();
  await ui.text('It is kept here. Show it');
  expect(await ui.page.getByRole('heading', { name: 'A face code has arrived' }).count()).toBe(0);

  await ui.button('Show it').click();
  await ui.heading('Hold this to the camera');
  expect(await readScreen()).toEqual(first);
  await expectAccessible(ui.page, { name: 'the code on the screen' });
  await expectNothingSideways(ui.page);
  await ui.button('Done').click();

  // Anybody can make a link: what is there goes only when the person says so.
  await ui.page.evaluate(`location.hash = ${JSON.stringify(new URL(linkTo(second), 'http://x').hash)}`);
  await ui.text('It takes the place of the one that is here.');
  await ui.button('Do not keep it').click();
  await ui.page.getByRole('link', { name: 'Face code' }).click();
  await ui.button('Show it').click();
  expect(await readScreen()).toEqual(first);
  await ui.page.keyboard.press('Escape');

  await ui.button('Remove').click();
  await ui.page.getByRole('dialog').getByRole('button', { name: 'Remove' }).click();
  await ui.text('It is no longer kept here.');
  await ui.text('No face code is kept in this browser');
  expect(await kept()).not.toContain('face');
  const sent = [first, second].map((code) => Buffer.from(code).toString('base64url').slice(0, 40));
  expect(asked.filter((request) => sent.some((part) => request.includes(part)))).toEqual([]);
});

it('waits for the person to sign in, shows nobody another person’s, and says what is no code', async () => {
  const code = codeOf('tpl_first');
  await addAuthenticator(ui.page);
  await ui.open(`/enrol#token=${'k'.repeat(32)}`);
  await ui.button('Create passkey').click();
  await ui.heading('Your passkey is ready');
  await ui.open(linkTo(code));
  await ui.button('Continue with passkey').click();
  await ui.button('Keep it on this phone').click();
  await ui.text('Your face code is on this phone');
  expect(await kept()).toContain('gatehouse.face.');
  await ui.page.evaluate(`for (const key of Object.keys(localStorage)) {
    localStorage.setItem('gatehouse.face.usr_somebody_else', localStorage.getItem(key));
    localStorage.removeItem(key);
  }`);
  await ui.open('/me/face');
  await ui.text('No face code is kept in this browser');
  expect(await ui.page.getByRole('link', { name: 'Face code' }).count()).toBe(0);
  await ui.open('/me/face#half-a-code');
  await ui.text('This link holds no whole face code.');
});
