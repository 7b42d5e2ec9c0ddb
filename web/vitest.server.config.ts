import { mergeConfig } from 'vitest/config';
import base from './vite.config.ts';

/** The client's model against the real server, which is built first. */
export default mergeConfig(
  { ...base, test: { ...base.test, include: [] } },
  {
    test: {
      include: ['src/integration/*.servertest.ts'],
      globalSetup: './scripts/build-server.ts',
      testTimeout: 30_000,
      hookTimeout: 30_000,
    },
  },
);
