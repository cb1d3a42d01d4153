import { AUTHZEN_KEY } from './authzen/client.ts';
import { startAuthzenFixture } from './authzen/fixture.ts';

/** `npm run authzen:fixture`: the certification fixture behind our endpoints, for a conformance suite to ask, until Ctrl+C. */
const { origin, close } = await startAuthzenFixture();
console.log(`AuthZEN certification fixture at ${origin}\nAuthorization: Bearer ${AUTHZEN_KEY}`);
process.once('SIGINT', () => void close());
process.once('SIGTERM', () => void close());
