import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vitest/config';
import { chunks } from './scripts/chunks.ts';
import { compressAssets } from './scripts/compress-assets.ts';
import { emojiData } from './scripts/emoji-data.ts';
import { copySocketIOClient } from './scripts/copy-socketio-client.ts';
import { icons } from './scripts/icons.ts';
import { layersFirst } from './scripts/layers-first.ts';
import { serviceWorker } from './scripts/service-worker.ts';

// The server that `npm run dev` hands the API and the sockets to.
const server = process.env.PARLEY_SERVER ?? 'http://127.0.0.1:3000';

export default defineConfig({
  plugins: [svelte(), emojiData(), icons(), layersFirst(), serviceWorker(), copySocketIOClient(), compressAssets()],
  build: {
    outDir: 'static/dist',
    emptyOutDir: true,
    target: 'es2022',
    cssCodeSplit: false, // one file: many small ones compress to almost twice its size
    manifest: true, // scripts/sizes.mjs reads it
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rolldownOptions: {
      input: { index: 'index.html', sw: 'worker/worker.ts' },
      output: {
        entryFileNames: (chunk) => (chunk.name === 'sw' ? 'sw.js' : 'assets/[name]-[hash].js'),
        codeSplitting: { includeDependenciesRecursively: false, groups: [{ name: chunks(), debugName: 'chat' }] },
      },
    },
    license: { fileName: 'third-party-licenses.md' },
  },
  server: {
    proxy: {
      '/api': { target: server },
      '/files': { target: server },
      '/socket.io': { target: server, ws: true },
    },
  },
  // The model is tested in Node, with the reactive runtime that browsers get.
  resolve: process.env.VITEST ? { conditions: ['browser'] } : {},
  test: {
    environment: './scripts/browserless-environment.ts',
    include: ['src/**/*.test.ts'],
  },
});
