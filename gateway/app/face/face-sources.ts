import type { ReaderId } from '../../domain/site/ids.ts';
import type { BiometricDesk } from './biometric-desk.ts';
import type { FaceDesk } from './face-desk.ts';

type Desk = Pick<FaceDesk, 'ask' | 'abandon' | 'tick'>;

/** Who is asked for a face: the terminal beside the reader, and where none can look the reader itself, if it compares. */
export function createFaceSources(terminals: Desk, readers: Desk & Pick<BiometricDesk, 'knows'>): Desk {
  /** The badge that was asked for last, at each reader. */
  const latest = new Map<ReaderId, symbol>();
  return {
    async ask(at) {
      const asked = Symbol(at.readerId);
      latest.set(at.readerId, asked);
      const answer = await terminals.ask(at);
      const isBlind = !answer.ok && (answer.code === 'face.unavailable' || answer.code === 'face.camera_unavailable');
      if (!isBlind || !readers.knows(at.readerId)) return answer;
      // A card that came meanwhile starts over.
      return latest.get(at.readerId) === asked ? readers.ask(at) : { ok: false, code: 'face.abandoned' };
    },
    abandon(readerId) {
      latest.delete(readerId);
      terminals.abandon(readerId);
      readers.abandon(readerId);
    },
    tick() {
      terminals.tick();
      readers.tick();
    },
  };
}
