import { copyFile, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Plugin } from 'vite';

const FILES = ['socket.io.min.js', 'socket.io.min.js.map'];

/** Copies the official browser client to `socket.io/`, where pages outside this build load it from. */
export function copySocketIOClient(): Plugin {
  let root = '';
  let outDir = '';
  return {
    name: 'copy-socketio-client',
    apply: 'build',
    configResolved(config) {
      root = config.root;
      outDir = join(config.root, config.build.outDir);
    },
    async closeBundle() {
      const target = join(outDir, 'socket.io');
      await mkdir(target, { recursive: true });
      for (const file of FILES) {
        await copyFile(join(root, 'node_modules/socket.io-client/dist', file), join(target, file));
      }
    },
  };
}
