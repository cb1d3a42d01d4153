import { createServer } from 'node:http';
import { chmod, mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createDeskTools } from '#gateway/compose-desk-tools.ts';
import { serveFakeApi } from '#test/support/fake-control-api.ts';
import { temporaryFolder } from '#test/support/temporary-folder.ts';

const tools = createDeskTools();
const NAMED = { deviceId: 'dsk_1', personId: 'usr_ann', label: 'Laptop', issuer: 'https://gate.example.com/oidc' };
const FILE = { ...NAMED, url: 'http://127.0.0.1:9' };
const unused = { environment: {}, signal: new AbortController().signal, onListening: () => undefined, onEvent: () => undefined };

async function folderWith(file: object | string): Promise<string> {
  const folder = await temporaryFolder();
  await writeFile(join(folder, 'desk.json'), typeof file === 'string' ? file : JSON.stringify(file));
  return folder;
}
const failureOf = (work: Promise<unknown>) =>
  work.then(
    () => expect.fail('it worked'),
    (failure: unknown) => failure,
  );

const NOBODY = 65_534;

/** No folder is shut to root, as whom tests run in a container. */
async function withoutRoot<T>(work: () => Promise<T>): Promise<T> {
  const isRoot = process.geteuid?.() === 0;
  if (isRoot) process.seteuid?.(NOBODY);
  try {
    return await work();
  } finally {
    if (isRoot) process.seteuid?.(0);
  }
}

describe('a computer that is enrolled', () => {
  it.each([
    [410, 'enrolment.invalid'],
    [429, 'enrolment.invalid'],
  ] as const)('is not, when the gateway answers %s', async (status, code) => {
    const { url } = await serveFakeApi({ 'POST /api/desk/enrol': { status, body: {} } }, 0);
    const folder = await temporaryFolder();
    const request = { url, code: 'CODE', folder, packFolder: null, keyKind: 'file' } as const;
    expect(await failureOf(tools.enrol(request))).toMatchObject({ code });
    expect(await readdir(folder)).toEqual(['device.key']);
  });

  it('keeps what the gateway named, and says it again', async () => {
    const answers = {
      'POST /api/desk/enrol': { status: 201, body: NAMED },
      'POST /api/desk/standing': { body: { label: 'Laptop', hasFace: false, seenAtMs: null } },
    };
    const { requests, url } = await serveFakeApi(answers, 0);
    const folder = join(await temporaryFolder(), 'desk');
    await tools.enrol({ url, code: 'CODE', folder, packFolder: null, keyKind: 'file' });
    const told = await tools.status({ folder, port: 1 });
    expect(told).toEqual({
      ...NAMED,
      url,
      keyKind: 'file',
      isRunning: false,
      gateway: { state: 'known', ...answers['POST /api/desk/standing'].body },
    });
    expect(requests).toHaveLength(2);
  });

  it('is told apart from one that the gateway knows no more, and from a gateway that is away', async () => {
    const { url } = await serveFakeApi({ 'POST /api/desk/standing': { status: 401, body: {} } }, 0);
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void server.close());
    const address = server.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    const at = async (file: object) => tools.status({ folder: await folderWith(file), port });
    expect(await at({ ...FILE, url })).toMatchObject({ isRunning: true, gateway: { state: 'refused', revocation: null } });
    const revocation = { atMs: 7, because: 'departed' };
    const answers = { 'POST /api/desk/standing': { status: 401, body: {} }, 'POST /api/desk/revocation': { body: { revocation } } };
    const telling = await serveFakeApi(answers, 0);
    expect(await at({ ...FILE, url: telling.url })).toMatchObject({ gateway: { state: 'refused', revocation } });
    expect(await at(FILE)).toMatchObject({ gateway: { state: 'unreachable' } });
  });

  it('is looked for where it is', async () => {
    const folder = await temporaryFolder();
    const failure = await failureOf(tools.status({ folder, port: 1 }));
    expect(failure).toMatchObject({ code: 'config.unreadable', publicMessage: expect.stringContaining('--folder') as string });
  });
});

describe('what is wrong with a computer’s settings is named', () => {
  it.each([
    ['{', 'desk.json: is not JSON'],
    [{ ...FILE, personId: '' }, 'desk.json: personId'],
    [{ ...FILE, issuer: 'gate' }, 'desk.json: issuer'],
    [{ ...FILE, url: 'http://gate.example.com' }, "the gateway's address begins with https://"],
    [{ ...FILE, more: 1 }, 'desk.json'],
  ] as const)('%j', async (file, named) => {
    const failure = await failureOf(tools.run({ ...unused, folder: await folderWith(file), camera: null, port: 0 }));
    expect(failure).toMatchObject({ code: 'config.unreadable', publicMessage: expect.stringContaining(named) as string });
  });

  it('the models, the camera and the port', async () => {
    const folder = await folderWith(FILE);
    const camera = { packFolder: join(folder, 'no-pack'), acknowledgesLicence: false, command: '', needs: 'active' } as const;
    const run = (change: object) => failureOf(tools.run({ ...unused, folder, port: 0, camera, ...change }));
    expect(await run({})).toMatchObject({ code: 'config.unreadable', publicMessage: '--capture: names no program' });
    const missing = await run({ camera: { ...camera, command: 'cat x' } });
    expect(missing).toMatchObject({ code: 'config.unreadable', publicMessage: expect.stringMatching(/^--pack: /) as string });
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void server.close());
    const address = server.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    const taken = await run({ camera: null, port });
    expect(taken).toMatchObject({ code: 'config.unreadable', publicMessage: expect.stringContaining('--port') as string });
  });

  it('a folder that is somebody else’s', async () => {
    const folder = join(await temporaryFolder(), 'shut');
    await mkdir(folder);
    await chmod(folder, 0o000);
    const failure = await withoutRoot(() => failureOf(tools.status({ folder, port: 1 })));
    await chmod(folder, 0o700);
    expect(failure).toMatchObject({ code: 'config.unreadable', publicMessage: expect.stringContaining('--folder') as string });
  });
});
