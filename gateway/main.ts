import { readEnvironment } from './platform/environment.ts';
import { refuseArguments, start } from './start.ts';

refuseArguments(process.argv.slice(2));
await start(readEnvironment());
