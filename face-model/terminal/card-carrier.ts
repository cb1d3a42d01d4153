import { z } from 'zod';
import type { CarriedFace } from '#gateway/domain/face/face-code.ts';
import type { Card } from './card-program.ts';
import type { Carrier } from './carrier.ts';

/** Longest text on a card, bytes. */
export const CARD_BYTES_MAX = 2_048;

/** What is on it. Whose it is stands in the seal alone. */
const cardSchema = z.strictObject({
  gatehouse_face: z.literal(1),
  template: z.string().min(1).max(128),
  sealed: z.string().regex(/^[A-Za-z0-9+/]+=*$/),
});

/** As it stands on a card; its digest is what the gateway knows of a face, whatever it is carried on. */
export function encodeCardText({ sealed, template }: CarriedFace): Buffer {
  const text = { gatehouse_face: 1, template, sealed: Buffer.from(sealed).toString('base64') } satisfies z.infer<typeof cardSchema>;
  return Buffer.from(JSON.stringify(text), 'utf8');
}

export function createCardCarrier(card: Card): Carrier {
  return {
    read: async () => {
      const bytes = await card.read(CARD_BYTES_MAX);
      return bytes === null ? null : (parseCardText(bytes) ?? 'unreadable');
    },
    keep: async (face) => {
      const bytes = encodeCardText(face);
      if (!(await card.write(bytes))) return false;
      // What is not on the card now would be missed at the next badge.
      const written = await card.read(CARD_BYTES_MAX);
      return written !== null && bytes.equals(written);
    },
  };
}

function parseCardText(bytes: Uint8Array): CarriedFace | null {
  try {
    const { sealed, template } = cardSchema.parse(JSON.parse(Buffer.from(bytes).toString('utf8')));
    return { template, sealed: Buffer.from(sealed, 'base64') };
  } catch {
    return null;
  }
}
