import { createHash, randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { loadPack } from '#face-model/pack/load-pack.ts';
import { enrolmentLinkSchema } from '#gateway/http/contract/admin.ts';
import { deskOfferedSchema, desksSchema } from '#gateway/http/contract/desk.ts';
import { startProgram, type ChildProgram } from '#test/support/child-programs.ts';
import { layOutSite, type ConfiguredSite } from '#test/support/configured-site.ts';
import { addAuthenticator, launchConsoleBrowser, openWatchedPage } from '#test/support/console/browser.ts';
import { defaultPackFolder, samplePictures } from '#test/support/face/face-pack.ts';
import { cutPortrait, briskFilm, SAMPLE_PEOPLE } from '#test/support/face/face-portrait.ts';
import { untilLogged } from '#test/support/gateway-log.ts';
import { playCommand, writeJpegFilm } from '#test/support/face/jpeg-film.ts';
import { freePort, runGatehouse, startGateway, until, type GatewayProcess, type RunningGateway } from '#test/support/running-gateway.ts';

const CLI = fileURLToPath(new URL('../../../gateway/cli.ts', import.meta.url));
const CALLBACK = 'http://localhost:9/callback';
const SETUP_TIMEOUT_MS = 300_000;
const STEP_MS = 60_000;

let folder: string;
let site: ConfiguredSite;
let options: GatewayProcess;
let gateway: RunningGateway;
let browser: Browser;
let page: Page;
let complaints: string[];
let agent: ChildProgram;
let port: number;
let packFolder: string;

async function makeFilms(): Promise<void> {
  const picture = (await samplePictures()).at(-1);
  if (picture === undefined) throw new TypeError('the samples are there');
  const pack = await loadPack({ folder: packFolder });
  for (const name of ['first', 'second'] as const) {
    const portrait = await cutPortrait(picture, pack, SAMPLE_PEOPLE[name]);
    const { frame } = portrait;
    await writeJpegFilm(join(folder, `${name}.mjpeg`), Array<typeof frame>(12).fill(frame));
    if (name === 'first') await writeJpegFilm(join(folder, 'moving.mjpeg'), briskFilm(portrait));
  }
  await pack.close();
}

const places = (): string[] => ['--folder', join(folder, 'desk'), '--pack', packFolder];
/** Of two people who hold still, and of the first one moving. */
type Film = 'first' | 'second' | 'moving';
const film = (name: Film): string[] => ['--capture', playCommand(join(folder, `${name}.mjpeg`))];

async function startAgent(name: Film, liveness: 'passive' | 'active' = 'passive'): Promise<void> {
  const args = [CLI, 'desk', 'run', ...places(), ...film(name), '--port', String(port), '--liveness', liveness, '--json'];
  agent = startProgram(process.execPath, args);
  await until('the agent listens', STEP_MS, () => {
    if (agent.hasEnded()) throw new Error(agent.output());
    return agent.output().includes('"listening"') ? true : null;
  });
}

async function wantFace(parameters: object): Promise<void> {
  const setting = { policy: 'face', enabled: true, where: { apps: ['wiki'] }, parameters };
  const { code, stderr } = await gateway.cli(
    'policy',
    'data',
    'set',
    'library',
    'faces',
    JSON.stringify(setting),
    '--reason',
    'For the test',
  );
  if (code !== 0) throw new Error(stderr);
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gatehouse-desk-'));
  packFolder = await defaultPackFolder();
  await makeFilms();
  port = await freePort();
  site = await layOutSite();
  options = { ...site.process, env: { GATEHOUSE_OIDC_DESK_AGENT_PORT: String(port) } };
  gateway = await startGateway(options);
  browser = await launchConsoleBrowser();
  const watched = await openWatchedPage(await browser.newContext());
  ({ complaints, page } = watched);
  page.setDefaultTimeout(STEP_MS);
  await addAuthenticator(page);
}, SETUP_TIMEOUT_MS);
afterAll(async () => {
  await browser?.close();
  await agent?.end();
  await gateway?.stop();
  await site?.remove();
  await rm(folder, { recursive: true, force: true });
});

function authorizationUrl(): string {
  const random = (): string => randomBytes(32).toString('base64url');
  const parameters = {
    client_id: 'wiki',
    response_type: 'code',
    redirect_uri: CALLBACK,
    scope: 'openid',
    state: random(),
    nonce: random(),
    code_challenge: createHash('sha256').update(random()).digest('base64url'),
    code_challenge_method: 'S256',
  };
  return `${gateway.url}/oidc/auth?${new URLSearchParams(parameters).toString()}`;
}

const askedForFace = () => page.getByRole('heading', { name: 'Show that it is you' }).waitFor();
const look = () => page.getByRole('button', { name: 'Look at the camera of this computer' }).click();
const BLINK = 'Close your eyes for a moment';
const MOVEMENTS = /Turn your head to your (left|right), and back|Close your eyes for a moment|Open your mouth, and close it|Come closer/;
/** Looks that fail; one more, and no camera is asked. */
const TRIES_MAX = 4;
/** The app: nothing listens there, so that it is read where the gateway sends the browser. */
const arriving = () => page.waitForResponse((response) => response.headers()['location']?.startsWith(`${CALLBACK}?code=`) === true);

/** The app wants a living person: the picture alone is no proof any more, and the page says what to do. */
async function movesWhenAsked(): Promise<void> {
  await wantFace({ maxAgeS: 60, alternatives: ['badge'], liveness: 'active' });
  await agent.end();
  await startAgent('moving', 'active');
  await page.goto(authorizationUrl());
  const again = page.getByRole('button', { name: /^Look (at the camera of this computer|again)$/ });
  for (let attempt = 1; ;) {
    const before = page.url();
    const answered = Promise.race([
      arriving().then(
        () => true,
        () => false,
      ),
      page
        .waitForURL((url) => url.pathname.startsWith('/signin/') && url.href !== before)
        .then(
          () => false,
          () => false,
        ),
    ]);
    await again.click();
    // A look may end before it has come to a movement: its frames were too few, or none was good.
    const isAsked = await Promise.race([
      page
        .getByText(MOVEMENTS)
        .waitFor()
        .then(
          () => true,
          () => false,
        ),
      answered.then(() => false),
    ]);
    if (isAsked && (await page.getByText(BLINK).isVisible())) {
      // The film never blinks: the person goes away instead, which says nothing against anybody.
      await agent.end();
      await startAgent('moving', 'active');
      await page.goto(authorizationUrl());
      continue;
    }
    if (await answered) {
      expect(isAsked, 'a movement was asked for').toBe(true);
      break;
    }
    expect(attempt).toBeLessThan(TRIES_MAX);
    attempt += 1;
  }
  await untilLogged(
    gateway,
    'decision',
    (one) => one.type === 'decision' && one.effect === 'permit' && one.input?.context.face.liveness === 'active',
  );
}

/** What was signed in with the computer ends with it, at once: the app's next visit begins with the passkey. */
async function endsWithItsComputer(): Promise<void> {
  const { desks } = await gateway.api.get('/api/desks', desksSchema);
  const { code, stdout } = await gateway.cli('desk', 'revoke', desks[0]?.id ?? '', '--reason', 'It was stolen', '--json');
  expect([code, JSON.parse(stdout)]).toMatchObject([0, { closed: { sessions: 1 } }]);
  await untilLogged(gateway, 'session', (one) => one.type === 'session' && one.kind === 'app' && one.cause === 'desk.revoked');
  await page.goto(authorizationUrl());
  await page.getByRole('button', { name: 'Continue with passkey' }).waitFor();
  const status = await runGatehouse(options, ['desk', 'status', '--folder', join(folder, 'desk'), '--port', String(port)]);
  expect(status).toMatchObject({ code: 1, stderr: expect.stringContaining('an operator revoked it') as string });
}

it(
  'signs a person in whom their own computer sees, and no other face, and leaves another way open',
  async () => {
    const { url: link } = await gateway.api.post('/api/people/usr_ann/enrolment', {}, enrolmentLinkSchema);
    await page.goto(link);
    await page.getByRole('button', { name: 'Create passkey' }).click();
    await page.getByRole('heading', { name: 'Your passkey is ready' }).waitFor();
    await wantFace({ maxAgeS: 60 });

    // No computer yet: the way without a camera stands there.
    await page.goto(authorizationUrl());
    await page.getByRole('button', { name: 'Continue with passkey' }).click();
    await askedForFace();
    await look();
    await page.getByText('None of your computers is set up for this').waitFor();
    const withKey = arriving();
    await page.getByRole('button', { name: 'Use a security key instead' }).click();
    await withKey;
    await untilLogged(
      gateway,
      'decision',
      (record) => record.type === 'decision' && record.input?.context.face.alternative === 'security_key',
    );

    const offered = await gateway.cli('desk', 'offer', 'usr_ann', 'Laptop', '--json');
    const { code } = deskOfferedSchema.parse(JSON.parse(offered.stdout));
    expect(await gateway.cli('desk', 'enrol', gateway.url, code, ...places())).toMatchObject({ code: 0 });
    const enrolled = await runGatehouse(options, ['desk', 'enrol-face', ...places(), ...film('first')], 'yes\n');
    expect(enrolled).toMatchObject({ code: 0, stdout: 'this computer knows your face now\n' });

    // Enrolled, and not running.
    await wantFace({ maxAgeS: 60, alternatives: ['badge'] });
    await page.goto(authorizationUrl());
    await askedForFace();
    await look();
    await page.getByText('Nothing on this computer answers').waitFor();

    await startAgent('second');
    await look();
    await page.getByText('The face was not recognised').waitFor();
    await untilLogged(gateway, 'credential', (record) => record.type === 'credential' && record.cause === 'login:no_match');

    await agent.end();
    await startAgent('first');
    const withFace = arriving();
    await page.getByRole('button', { name: 'Look again' }).click();
    await withFace;
    const { record } = await untilLogged(
      gateway,
      'decision',
      (one) => one.type === 'decision' && one.effect === 'permit' && one.input?.context.face.verified === true,
    );
    expect(record).toMatchObject({
      personId: 'usr_ann',
      resourceId: 'wiki',
      input: { context: { face: { known: true, liveness: 'passive', source: 'device' }, device: { known: true, managed: true } } },
    });
    await movesWhenAsked();
    await endsWithItsComputer();
    const { desks } = await gateway.api.get('/api/desks', desksSchema);
    expect(desks).toMatchObject([
      {
        personId: 'usr_ann',
        hasFace: true,
        keyKind: 'file',
        status: 'revoked',
        posture: { told: { os: { name: expect.any(String) as string } } },
      },
    ]);
    // The browser's own error page, where the app would be, and the agent that was not running.
    const expected = ['ERR_CONNECTION_REFUSED', 'PublicKeyCredential is not defined'];
    expect(complaints.filter((one) => !expected.some((text) => one.includes(text)))).toEqual([]);
  },
  SETUP_TIMEOUT_MS,
);

it('is shut to other pages and other names', async () => {
  const call = (headers: Record<string, string>, method = 'POST') =>
    fetch(`http://127.0.0.1:${String(port)}/look`, { method, headers, ...(method === 'POST' ? { body: '{"challenge":"x"}' } : {}) });
  const json = { 'content-type': 'application/json' };
  expect((await call({ ...json, origin: gateway.url })).status).toBe(403);
  expect((await call({ ...json, origin: 'https://evil.example' })).headers.get('access-control-allow-origin')).toBeNull();
  expect((await call({ ...json, origin: 'https://evil.example' })).status).toBe(403);
  expect((await call(json)).status).toBe(403);
  // A page of another origin, in a real browser: it can neither send the question nor read an answer.
  const other = await (await browser.newContext()).newPage();
  await other.route('http://evil.example/**', (route) => route.fulfill({ contentType: 'text/html', body: '<h1>Evil</h1>' }));
  await other.goto('http://evil.example/');
  const outcome = await other.evaluate(
    `fetch('http://127.0.0.1:${String(port)}/look', { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{}' }).then((r) => r.status, (e) => e.name)`,
  );
  expect(outcome).toBe('TypeError');
});
