import type { IncomingMessage } from 'node:http';

/** Null when it is longer: then it is not read to its end. By events: iterating over a stream costs as much again as the rest of reading a request. */
export function readBytes(request: IncomingMessage, bytesMax: number): Promise<Uint8Array | null> {
  if (Number(request.headers['content-length'] ?? 0) > bytesMax) return Promise.resolve(null);
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let lengthBytes = 0;
    request.on('data', (chunk: Buffer) => {
      lengthBytes += chunk.length;
      if (lengthBytes <= bytesMax) chunks.push(chunk);
      else {
        request.pause();
        resolve(null);
      }
    });
    request.on('end', () => resolve(chunks.length === 1 && chunks[0] !== undefined ? chunks[0] : Buffer.concat(chunks)));
    request.on('error', reject);
    // A caller that breaks off ends a request without an error where nothing was missing.
    request.on('close', () => (request.complete ? undefined : reject(new Error('the request was broken off'))));
  });
}
