import { createRequire } from 'node:module';

/** Packages of the tests are installed with the web client's. */
export const fromWeb = createRequire(new URL('../../web/package.json', import.meta.url));
