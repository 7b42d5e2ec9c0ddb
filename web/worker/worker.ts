/**
 * The service worker: opens the page without a network. It keeps the files of one build, and touches nothing else: the
 * API, sockets, uploads and everything that is not a plain reading go to the server as if it were not there.
 */

/** Filled in by the build: the files that the first conversation needs, and a name made of their content. */
declare const SHELL: readonly string[];
declare const BUILD: string;

const worker = self as unknown as ServiceWorkerGlobalScope;
const PREFIX = 'parley-';
const CACHE = PREFIX + BUILD;
const PAGE = '/';

worker.addEventListener('install', (event) => event.waitUntil(install()));
worker.addEventListener('activate', (event) => event.waitUntil(activate()));
// A page asks when a person has agreed, or when there is nothing to lose.
worker.addEventListener('message', (event) => {
  if (event.data === 'take over') void worker.skipWaiting();
});
worker.addEventListener('fetch', (event) => {
  const answer = answerTo(event.request);
  if (answer) event.respondWith(answer);
});

async function install(): Promise<void> {
  const cache = await caches.open(CACHE);
  // The page has no name made of its content: the browser's own cache may hold an older one.
  await cache.addAll([new Request(PAGE, { cache: 'reload' }), ...SHELL]);
}

async function activate(): Promise<void> {
  const names = await caches.keys();
  await Promise.all(
    names.filter((name) => name.startsWith(PREFIX) && name !== CACHE).map((name) => caches.delete(name)),
  );
  await worker.clients.claim();
}

/** Undefined: none of our business. */
function answerTo(request: Request): Promise<Response> | undefined {
  const { origin, pathname } = new URL(request.url);
  if (request.method !== 'GET' || origin !== worker.location.origin) return undefined;
  if (pathname.startsWith('/assets/')) return asset(request);
  const isPage = request.mode === 'navigate' && !/^\/(api|files|hooks|socket\.io|metrics)\b|\.\w+$|z$/.test(pathname);
  return isPage ? page(request) : undefined;
}

/** The page of this build, which fits the files that are kept. */
async function page(request: Request): Promise<Response> {
  const cache = await caches.open(CACHE);
  return (await cache.match(PAGE)) ?? fetch(request);
}

/** Files named by their content never change. What is loaded on demand is kept with the first use. */
async function asset(request: Request): Promise<Response> {
  const cache = await caches.open(CACHE);
  const kept = await cache.match(request);
  if (kept) return kept;
  const answer = await fetch(request);
  if (answer.ok) await cache.put(request, answer.clone());
  return answer;
}
