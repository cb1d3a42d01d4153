import { createHash, createSign, generateKeyPairSync, randomBytes, type KeyObject } from 'node:crypto';

/** WebAuthn 6.1 flags: user present, user verified, backup eligible and backed up, attested credential data included. */
const FLAG_UP = 0x01;
const FLAG_UV = 0x04;
const FLAGS_BE_BS = 0x18;
const FLAG_AT = 0x40;
const CREDENTIAL_ID_BYTES = 32;

type CborValue = number | string | Uint8Array | ReadonlyMap<number | string, CborValue>;

/** RFC 8949, the few kinds that an attestation object needs: integers, byte and text strings, maps. */
function encodeCbor(value: CborValue): Buffer {
  if (typeof value === 'number') return value >= 0 ? cborHead(0, value) : cborHead(1, -1 - value);
  if (typeof value === 'string') return Buffer.concat([cborHead(3, Buffer.byteLength(value)), Buffer.from(value, 'utf8')]);
  if (value instanceof Uint8Array) return Buffer.concat([cborHead(2, value.length), value]);
  return Buffer.concat([cborHead(5, value.size), ...[...value].flatMap(([key, item]) => [encodeCbor(key), encodeCbor(item)])]);
}

function cborHead(majorType: number, argument: number): Buffer {
  if (argument < 24) return Buffer.of((majorType << 5) | argument);
  if (argument < 256) return Buffer.of((majorType << 5) | 24, argument);
  return Buffer.of((majorType << 5) | 25, argument >> 8, argument & 0xff);
}

const sha256 = (data: Uint8Array | string): Buffer => createHash('sha256').update(data).digest();
const base64url = (data: Uint8Array | string): string => Buffer.from(data).toString('base64url');

interface Credential {
  readonly id: Buffer;
  readonly privateKey: KeyObject;
  readonly userHandle: string;
  counter: number;
}

export interface CreationOptions {
  readonly challenge: string;
  readonly rp: { readonly id?: string };
  readonly user: { readonly id: string };
}

export interface RequestOptions {
  readonly challenge: string;
  readonly rpId?: string;
}

export interface SoftwareAuthenticatorOptions {
  /** Origin of the page that would call navigator.credentials. */
  readonly origin: string;
  /** False: an authenticator that only checks presence. */
  readonly verifiesUser?: boolean;
  /** False: a passkey without a signature counter, always 0, as synced passkeys have. */
  readonly counts?: boolean;
  /** True: a passkey that is synced to other devices. */
  readonly backedUp?: boolean;
}

/**
 * A passkey authenticator in software, with one P-256 credential: answers in the JSON form of the browser's
 * PublicKeyCredential.toJSON, attestation "none".
 */
export class SoftwareAuthenticator {
  readonly #options: SoftwareAuthenticatorOptions;
  #credential: Credential | null = null;

  constructor(options: SoftwareAuthenticatorOptions) {
    this.#options = options;
  }

  get #flags(): number {
    const { backedUp, verifiesUser } = this.#options;
    return FLAG_UP | (verifiesUser === false ? 0 : FLAG_UV) | (backedUp === true ? FLAGS_BE_BS : 0);
  }

  /** Answer of navigator.credentials.create. */
  create(options: CreationOptions) {
    const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const id = randomBytes(CREDENTIAL_ID_BYTES);
    this.#credential = { id, privateKey, userHandle: options.user.id, counter: 0 };
    const { x = '', y = '' } = publicKey.export({ format: 'jwk' });
    // RFC 9052 7.1: kty EC2, alg ES256, crv P-256, x, y.
    const coseKey = new Map<number, CborValue>([
      [1, 2],
      [3, -7],
      [-1, 1],
      [-2, Buffer.from(x, 'base64url')],
      [-3, Buffer.from(y, 'base64url')],
    ]);
    const attested = Buffer.concat([Buffer.alloc(16), Buffer.of(0, id.length), id, encodeCbor(coseKey)]);
    const authData = Buffer.concat([this.#header(options.rp.id ?? '', this.#flags | FLAG_AT, 0), attested]);
    const attestation = new Map<string, CborValue>([
      ['fmt', 'none'],
      ['attStmt', new Map()],
      ['authData', authData],
    ]);
    return {
      id: base64url(id),
      rawId: base64url(id),
      type: 'public-key',
      response: {
        clientDataJSON: this.#clientData('webauthn.create', options.challenge),
        attestationObject: base64url(encodeCbor(attestation)),
        transports: ['internal'],
      },
      clientExtensionResults: {},
    };
  }

  /** Answer of navigator.credentials.get. */
  get(options: RequestOptions) {
    const credential = this.#credential;
    if (credential === null) throw new Error('this authenticator holds no passkey yet');
    if (this.#options.counts !== false) credential.counter += 1;
    const authData = this.#header(options.rpId ?? '', this.#flags, credential.counter);
    const clientDataJSON = this.#clientData('webauthn.get', options.challenge);
    const signed = Buffer.concat([authData, sha256(Buffer.from(clientDataJSON, 'base64url'))]);
    return {
      id: base64url(credential.id),
      rawId: base64url(credential.id),
      type: 'public-key',
      response: {
        clientDataJSON,
        authenticatorData: base64url(authData),
        signature: base64url(createSign('sha256').update(signed).sign(credential.privateKey)),
        userHandle: credential.userHandle,
      },
      clientExtensionResults: {},
    };
  }

  /** A copy that goes on counting by itself, as a cloned authenticator would; `change` makes it behave differently. */
  clone(change: Partial<SoftwareAuthenticatorOptions> = {}): SoftwareAuthenticator {
    const copy = new SoftwareAuthenticator({ ...this.#options, ...change });
    copy.#credential = this.#credential === null ? null : { ...this.#credential };
    return copy;
  }

  #header(rpId: string, flags: number, counter: number): Buffer {
    const count = Buffer.alloc(4);
    count.writeUInt32BE(counter);
    return Buffer.concat([sha256(rpId), Buffer.of(flags), count]);
  }

  #clientData(type: string, challenge: string): string {
    return base64url(JSON.stringify({ type, challenge, origin: this.#options.origin, crossOrigin: false }));
  }
}
