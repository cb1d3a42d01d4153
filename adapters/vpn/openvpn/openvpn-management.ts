import { connect, type Socket } from 'node:net';
import { GatewayError } from '#gateway/domain/errors.ts';
import type { TunnelName } from '#gateway/ports/vpn-disconnect.ts';
import type { VpnClientVerdict, VpnManagement, VpnManagementHandler, VpnTunnelSign } from '#gateway/ports/vpn-management.ts';
import { createIsWanted } from '../wanted-tunnels.ts';
import {
  encodeAccept,
  encodeDeny,
  encodeKill,
  encodeKillNow,
  encodeOpenPage,
  ENCODED_STATUS,
  INITIAL_STATE,
  parseListedClient,
  step,
  type Environment,
  type ListedClient,
  type ManagementEvent,
} from './management-protocol.ts';

const CONNECT_AGAIN_MS = 1_000;
const LIST_TIMEOUT_MS = 2_000;
/** What a client has to leave by itself before its tunnel is cut off. */
const LEAVE_MS = 300;
/** A name that cannot be cut off is gone 5 s after the order. */
const GONE_TIMEOUT_MS = 7_000;
const LOOK_INTERVAL_MS = 25;
/** Lines of one list; the clients behind it are not seen, hence an end that counts on them is none. */
const LIST_LINES_MAX = 20_000;

export interface OpenvpnOptions {
  /** `management PATH unix` of its configuration. */
  readonly socketFile: string;
  readonly handler: VpnManagementHandler;
  /** How often every tunnel is asked about, ms. */
  readonly listIntervalMs: number;
  readonly onFailure: (failure: unknown) => void;
}

interface List {
  readonly lines: string[];
  readonly resolve: (clients: readonly ListedClient[]) => void;
  readonly reject: (failure: Error) => void;
}

/** Speaks to one OpenVPN server and comes back to it whenever the connection is lost. */
export function createOpenvpnManagement(options: OpenvpnOptions): VpnManagement {
  return new OpenvpnManagement(options);
}

const unavailable = (message: string): GatewayError => new GatewayError('vpn.unavailable', message);
const nameOf = (clientId: number, startedAtS: string): string => `${String(clientId)}@${startedAtS}`;

function toSign(clientId: number, env: Environment): VpnTunnelSign {
  return { serverSessionId: nameOf(clientId, env.get('time_unix') ?? ''), userName: env.get('username') ?? '', ip: ipOf(env) };
}

const ipOf = (env: Environment): string | null =>
  env.get('untrusted_ip') ?? env.get('trusted_ip') ?? env.get('untrusted_ip6') ?? env.get('trusted_ip6') ?? null;

class OpenvpnManagement implements VpnManagement {
  readonly #options: OpenvpnOptions;
  readonly #listing: NodeJS.Timeout;
  #socket: Socket | null = null;
  #isClosed = false;
  #again: NodeJS.Timeout | null = null;
  /** Asked one at a time; answers come in order. */
  #lists: List[] = [];
  /** Of tunnels that are up. */
  readonly #up = new Map<number, VpnTunnelSign>();
  /** Ends of the waits for pages, by client. */
  readonly #pages = new Map<number, () => void>();
  /** What is told, in the order in which the server told it. */
  #telling: Promise<void> = Promise.resolve();

  constructor(options: OpenvpnOptions) {
    this.#options = options;
    this.#connect();
    this.#listing = setInterval(() => this.#tellAll(), options.listIntervalMs);
  }

  async disconnect(userNames: readonly string[], tunnels: readonly TunnelName[]): Promise<number> {
    const isOne = createIsWanted(userNames, tunnels);
    const isWanted = ({ clientId, startedAtS, userName }: ListedClient): boolean =>
      isOne({ userName, serverSessionId: nameOf(clientId, startedAtS) });
    const startedMs = performance.now();
    const ended = new Set<number>();
    for (;;) {
      const clients = await this.#list();
      const open = clients.filter(isWanted);
      if (open.length === 0) return ended.size;
      if (performance.now() > startedMs + GONE_TIMEOUT_MS) throw unavailable('The VPN server still has the tunnel.');
      for (const { clientId } of open) {
        if (!ended.has(clientId)) this.#send(encodeKill(clientId));
        ended.add(clientId);
      }
      if (performance.now() > startedMs + LEAVE_MS) {
        // A name that another tunnel has, too, would take it along: it leaves when it was told to.
        const others = new Set(clients.filter((client) => !isWanted(client)).map(({ commonName }) => commonName));
        const ending = new Set(open.map(({ commonName }) => commonName).filter((name) => !others.has(name)));
        for (const name of ending) this.#send(encodeKillNow(name) ?? '');
      }
      await new Promise((resolve) => setTimeout(resolve, LOOK_INTERVAL_MS));
    }
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    clearInterval(this.#listing);
    if (this.#again !== null) clearTimeout(this.#again);
    this.#socket?.destroy();
  }

  #connect(): void {
    const socket = connect(this.#options.socketFile);
    let state = INITIAL_STATE;
    socket.on('connect', () => {
      this.#socket = socket;
      this.#tellAll();
    });
    socket.on('data', (chunk) => {
      const { events, state: next } = step(state, chunk);
      state = next;
      for (const event of events) this.#take(event);
    });
    // What it failed of is of no use: it is tried again, and the server lets nobody in meanwhile.
    socket.on('error', () => undefined);
    socket.on('close', () => this.#lost());
  }

  #lost(): void {
    this.#socket = null;
    for (const giveUp of [...this.#pages.values()]) giveUp();
    for (const list of this.#lists.splice(0)) list.reject(unavailable('The VPN server ended the connection.'));
    if (!this.#isClosed) this.#again = setTimeout(() => this.#connect(), CONNECT_AGAIN_MS);
  }

  #send(command: string): void {
    this.#socket?.write(command);
  }

  #take(event: ManagementEvent): void {
    switch (event.kind) {
      case 'connect':
        return this.#watch(this.#answer(event, this.#socket));
      case 'reauth':
        return this.#watch(this.#renew(event, this.#socket));
      case 'established': {
        const sign = toSign(event.clientId, event.env);
        this.#up.set(event.clientId, sign);
        return this.#tellNext(() => this.#options.handler.up(sign));
      }
      case 'disconnect': {
        this.#pages.get(event.clientId)?.();
        const sign = this.#up.get(event.clientId) ?? toSign(event.clientId, event.env);
        this.#up.delete(event.clientId);
        return this.#tellNext(() => this.#options.handler.down(sign.serverSessionId));
      }
      case 'list_line': {
        const [list] = this.#lists;
        if (list !== undefined && list.lines.length < LIST_LINES_MAX) list.lines.push(event.text);
        return;
      }
      case 'list_end': {
        const list = this.#lists.shift();
        return list?.resolve(list.lines.map(parseListedClient).filter((client) => client !== null));
      }
      case 'reply':
        if (event.isError) this.#options.onFailure(unavailable('The VPN server refused a command.'));
    }
  }

  #watch(work: Promise<void>): void {
    work.catch(this.#options.onFailure);
  }

  async #answer({ clientId, env, keyId }: Extract<ManagementEvent, { kind: 'connect' | 'reauth' }>, asked: Socket | null): Promise<void> {
    const { handler } = this.#options;
    // A token from a tunnel before is no sign-in of now.
    const isToken = (env.get('session_state') ?? 'Initial') !== 'Initial';
    const answer = await handler.connect({
      userName: env.get('username') ?? '',
      password: isToken ? '' : (env.get('password') ?? ''),
      ip: ipOf(env),
      opensPages: (env.get('IV_SSO') ?? '').split(',').some((way) => way === 'webauth' || way === 'openurl'),
    });
    if (answer.kind !== 'page') return this.#tell(asked, clientId, keyId, answer);
    if (asked !== this.#socket) return answer.giveUp();
    const page = encodeOpenPage(clientId, keyId, answer);
    if (page === null)
      return this.#tell(asked, clientId, keyId, { kind: 'deny', message: 'The page of this VPN has too long an address.' });
    this.#send(page);
    this.#pages.set(clientId, answer.giveUp);
    const verdict = await answer.verdict.finally(() => {
      if (this.#pages.get(clientId) === answer.giveUp) this.#pages.delete(clientId);
    });
    return this.#tell(asked, clientId, keyId, verdict);
  }

  async #renew({ clientId, env, keyId }: Extract<ManagementEvent, { kind: 'connect' | 'reauth' }>, asked: Socket | null): Promise<void> {
    const known = this.#up.get(clientId);
    const isToken = env.get('session_state') === 'Authenticated';
    if (known !== undefined && isToken) return this.#tell(asked, clientId, keyId, await this.#options.handler.renew(known));
    this.#tell(asked, clientId, keyId, { kind: 'deny', message: 'Your sign-in has ended. Connect again.' });
    // The keys of before would keep it up for as long as they are good.
    if (asked === this.#socket) this.#send(encodeKill(clientId));
  }

  /** A server that began anew counts its clients from 0: what was decided about one of before must not let in one of now. */
  #tell(asked: Socket | null, clientId: number, keyId: number, verdict: VpnClientVerdict): void {
    if (asked !== this.#socket) return;
    this.#send(verdict.kind === 'accept' ? encodeAccept(clientId, keyId) : encodeDeny(clientId, keyId, verdict.message));
  }

  #tellNext(tell: () => Promise<void>): void {
    this.#telling = this.#telling.then(tell).catch(this.#options.onFailure);
  }

  #list(): Promise<readonly ListedClient[]> {
    return new Promise((resolve, reject) => this.#askForList(resolve, reject));
  }

  /** `resolve` is called before anything that the server says later is looked at. */
  #askForList(resolve: List['resolve'], reject: List['reject']): void {
    if (this.#socket === null) return reject(unavailable('There is no connection to the VPN server.'));
    const timer = setTimeout(() => {
      // Whatever comes now belongs to nobody's question: a new connection begins in order.
      reject(unavailable('The VPN server did not answer.'));
      this.#socket?.destroy();
    }, LIST_TIMEOUT_MS);
    this.#lists.push({
      lines: [],
      resolve: (clients) => {
        clearTimeout(timer);
        resolve(clients);
      },
      reject: (failure) => {
        clearTimeout(timer);
        reject(failure);
      },
    });
    this.#send(ENCODED_STATUS);
  }

  #tellAll(): void {
    if (this.#socket === null) return;
    this.#askForList((clients) => {
      this.#up.clear();
      for (const { clientId, ip, startedAtS, userName } of clients) {
        this.#up.set(clientId, { serverSessionId: nameOf(clientId, startedAtS), userName, ip });
      }
      const tunnels = [...this.#up.values()];
      this.#tellNext(() => this.#options.handler.listed(tunnels));
    }, this.#options.onFailure);
  }
}
