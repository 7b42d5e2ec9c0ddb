import type { Environment } from 'vitest/runtime';

/** Node without a DOM, whose modules are compiled as for a browser: `$state` and `$derived` are live. */
const browserless: Environment = {
  name: 'browserless',
  viteEnvironment: 'client',
  setup: () => ({ teardown: () => undefined }),
};

export default browserless;
