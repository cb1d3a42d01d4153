import { readEnvironment } from './platform/environment.ts';
import { start } from './start.ts';

await start(readEnvironment());
