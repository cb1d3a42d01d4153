interface Cookie {
  readonly name: string;
  readonly value: string;
  readonly host: string;
  readonly path: string;
}

const REDIRECTS_MAX = 10;

function parseSetCookie(line: string, url: URL): Cookie & { readonly expired: boolean } {
  const [pair = '', ...attributes] = line.split(';').map((part) => part.trim());
  const [name = '', ...value] = pair.split('=');
  const attribute = (wanted: string): string | undefined =>
    attributes.find((candidate) => candidate.toLowerCase().startsWith(`${wanted}=`))?.slice(wanted.length + 1);
  const expires = attribute('expires');
  const expired = (expires !== undefined && Date.parse(expires) <= 0) || attribute('max-age') === '0';
  return { name, value: value.join('='), host: url.host, path: attribute('path') ?? '/', expired };
}

/** A browser without a window: keeps cookies by host and path, follows redirects one by one, sends Origin. */
export class TestBrowser {
  readonly #fetch: typeof fetch;
  #cookies: Cookie[] = [];

  /** `send` is for browsers that connect in their own way. */
  constructor(send: typeof fetch = fetch) {
    this.#fetch = send;
  }

  cookieNames(url: string): readonly string[] {
    return this.#cookiesFor(new URL(url)).map((cookie) => cookie.name);
  }

  /** One exchange, redirects not followed. */
  async request(target: string, init: RequestInit = {}): Promise<Response> {
    const url = new URL(target);
    const headers = new Headers(init.headers);
    const cookies = this.#cookiesFor(url);
    if (cookies.length > 0) headers.set('cookie', cookies.map(({ name, value }) => `${name}=${value}`).join('; '));
    const send = this.#fetch;
    const response = await send(url, { ...init, headers, redirect: 'manual' });
    for (const line of response.headers.getSetCookie()) this.#store(parseSetCookie(line, url));
    return response;
  }

  /** Opens an address as a navigation would, up to the first answer that is no redirect, or the first address that `stop` wants. */
  async navigate(
    target: string,
    stop: (url: URL) => boolean = () => false,
  ): Promise<{ readonly url: URL; readonly response: Response | null }> {
    let url = new URL(target);
    for (let hop = 0; hop < REDIRECTS_MAX; hop += 1) {
      if (stop(url)) return { url, response: null };
      const response = await this.request(url.href, { headers: { accept: 'text/html' } });
      const location = response.headers.get('location');
      if (location === null) return { url, response };
      await response.body?.cancel();
      url = new URL(location, url);
    }
    throw new Error(`more than ${String(REDIRECTS_MAX)} redirects, last to ${url.href}`);
  }

  /** A JSON call as the gateway's own pages make it. */
  async call<Body = unknown>(
    target: string,
    body?: unknown,
    method = body === undefined ? 'GET' : 'POST',
  ): Promise<{ readonly status: number; readonly body: Body }> {
    const headers: Record<string, string> = { origin: new URL(target).origin };
    if (body !== undefined) headers['content-type'] = 'application/json';
    const response = await this.request(target, { method, headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) });
    return { status: response.status, body: (await response.json()) as Body };
  }

  #cookiesFor(url: URL): readonly Cookie[] {
    return this.#cookies.filter(
      ({ host, path }) => host === url.host && (url.pathname === path || url.pathname.startsWith(path.replace(/\/?$/, '/'))),
    );
  }

  #store({ expired, ...cookie }: Cookie & { readonly expired: boolean }): void {
    this.#cookies = this.#cookies.filter(({ name, host, path }) => name !== cookie.name || host !== cookie.host || path !== cookie.path);
    if (!expired) this.#cookies.push(cookie);
  }
}
