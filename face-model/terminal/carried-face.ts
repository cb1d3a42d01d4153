import { createHash } from 'node:crypto';
import { encodeCardText } from './card-carrier.ts';
import { openFirst, type Carrier, type CarrierName } from './carrier.ts';
import type { GatewayLink, Question } from './gateway-link.ts';
import { openFace, sealMean, type EnrolledFace } from './sealed-face.ts';

export type CarriedEvent = 'terminal.carried_refused' | 'terminal.carried_unreadable';

export interface CarriedDeps {
  readonly packHash: string;
  readonly carriers: ReadonlyMap<CarrierName, Carrier>;
  readonly link: Pick<GatewayLink, 'beginCarried' | 'openCarried'>;
  readonly onEvent: (event: CarriedEvent) => void;
}

/** Faces on people's cards and phones: nothing of them stays here but for the time of a look. */
export interface CarriedFaces {
  /** What a face can be put on here. */
  readonly carriers: readonly CarrierName[];
  /** Of what is shown. Null: nothing, another person's, changed, or the gateway gives no key for it. */
  find(question: Pick<Question, 'nonce' | 'personId' | 'carried'>): Promise<EnrolledFace | null>;
  /** Puts it there. Null: it is not on it. @throws GatewayCallError, RangeError */
  enrol(
    at: { readonly orderId: string; readonly personId: string; readonly carrier: CarrierName },
    embeddings: readonly Float32Array[],
  ): Promise<{ readonly template: string; readonly blob_sha256: string } | null>;
}

const digestOf = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
const keyOf = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text, 'base64url'));

export function createCarriedFaces({ carriers, link, onEvent, packHash }: CarriedDeps): CarriedFaces {
  return {
    carriers: [...carriers.keys()],
    find: async ({ carried, nonce, personId }) => {
      // A card answers for itself; for a phone everybody would have to be asked.
      const asked = [...carriers].flatMap(([name, carrier]) => (name === 'phone' && carried !== true ? [] : [carrier]));
      return openFirst(asked, {
        onUnreadable: () => onEvent('terminal.carried_unreadable'),
        open: async (face) => {
          const { key: text } = await link.openCarried({ nonce, template: face.template, sha256: digestOf(encodeCardText(face)) });
          const key = text === null ? null : keyOf(text);
          const opened = key === null ? null : openFace({ sealed: face.sealed, templateId: face.template }, key, { personId, packHash });
          key?.fill(0);
          if (opened === null) onEvent('terminal.carried_refused');
          return opened;
        },
      });
    },
    enrol: async ({ carrier, orderId, personId }, embeddings) => {
      const { key: text, portalUrl, template } = await link.beginCarried(orderId);
      const key = keyOf(text);
      const face = { template, sealed: sealMean(embeddings, key, { personId, packHash }) };
      key.fill(0);
      const isKept = (await carriers.get(carrier)?.keep(face, portalUrl)) ?? false;
      return isKept ? { template, blob_sha256: digestOf(encodeCardText(face)) } : null;
    },
  };
}
