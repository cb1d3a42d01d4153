import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { Card } from './card-program.ts';
import type { GatewayLink, Question } from './gateway-link.ts';
import { openFace, sealMean, type EnrolledFace } from './sealed-face.ts';

/** Longest text on a card or a phone, bytes. */
export const CARRIED_BYTES_MAX = 2_048;

/** What a person carries. Whose it is stands in the seal alone. */
const carriedSchema = z.strictObject({
  gatehouse_face: z.literal(1),
  template: z.string().min(1).max(128),
  sealed: z.string().regex(/^[A-Za-z0-9+/]+=*$/),
});

export type CarriedEvent = 'terminal.carried_refused' | 'terminal.carried_unreadable';

export interface CarriedDeps {
  readonly packHash: string;
  readonly card: Card;
  readonly link: Pick<GatewayLink, 'beginCarried' | 'openCarried'>;
  readonly onEvent: (event: CarriedEvent) => void;
}

/** Faces on people's cards: nothing of them stays here but for the time of a look. */
export interface CarriedFaces {
  /** Of the card that is there. Null: none, another person's, changed, or the gateway gives no key for it. */
  find(question: Pick<Question, 'nonce' | 'personId'>): Promise<EnrolledFace | null>;
  /** Writes it on the card that is there. Null: it is not on it. @throws GatewayCallError, RangeError */
  enrol(
    orderId: string,
    personId: string,
    embeddings: readonly Float32Array[],
  ): Promise<{ readonly template: string; readonly blob_sha256: string } | null>;
}

const digestOf = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

export function createCarriedFaces({ card, link, onEvent, packHash }: CarriedDeps): CarriedFaces {
  return {
    find: async ({ nonce, personId }) => {
      const bytes = await card.read(CARRIED_BYTES_MAX);
      if (bytes === null) return null;
      const carried = parseCarried(bytes);
      if (carried === null) onEvent('terminal.carried_unreadable');
      if (carried === null) return null;
      const { key: text } = await link.openCarried({ nonce, template: carried.template, sha256: digestOf(bytes) });
      if (text === null) onEvent('terminal.carried_refused');
      if (text === null) return null;
      const key = Uint8Array.from(Buffer.from(text, 'base64url'));
      const face = openFace({ sealed: Buffer.from(carried.sealed, 'base64'), templateId: carried.template }, key, { personId, packHash });
      key.fill(0);
      if (face === null) onEvent('terminal.carried_refused');
      return face;
    },
    enrol: async (orderId, personId, embeddings) => {
      const { key: text, template } = await link.beginCarried(orderId);
      const key = Uint8Array.from(Buffer.from(text, 'base64url'));
      const sealed = Buffer.from(sealMean(embeddings, key, { personId, packHash })).toString('base64');
      key.fill(0);
      const bytes = Buffer.from(JSON.stringify({ gatehouse_face: 1, template, sealed } satisfies z.infer<typeof carriedSchema>), 'utf8');
      if (!(await card.write(bytes))) return null;
      // What is not on the card now would be missed at the next badge.
      const written = await card.read(CARRIED_BYTES_MAX);
      return written !== null && bytes.equals(written) ? { template, blob_sha256: digestOf(bytes) } : null;
    },
  };
}

function parseCarried(bytes: Uint8Array): z.infer<typeof carriedSchema> | null {
  try {
    return carriedSchema.parse(JSON.parse(Buffer.from(bytes).toString('utf8')));
  } catch {
    return null;
  }
}
