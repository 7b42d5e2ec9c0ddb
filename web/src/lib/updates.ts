const WORKER = '/sw.js';

/** The part of Trusted Types that a service worker needs; not in TypeScript's DOM yet. */
interface TrustedTypes {
  createPolicy(name: string, rules: { createScriptURL(url: string): string }): { createScriptURL(url: string): string };
}

/**
 * The service worker, which opens the page without a network, and newer builds of the client, which wait until the page
 * lets them in. Where a browser has no service workers, as on plain HTTP, nothing happens.
 */
export class Updates {
  #registration: ServiceWorkerRegistration | undefined;
  #waiting: ServiceWorker | undefined;
  #asked = false;

  /** `ready` is called when a newer build waits, or another page has let one in. */
  async start(ready: () => void): Promise<void> {
    const { serviceWorker } = navigator as { serviceWorker?: ServiceWorkerContainer };
    if (!serviceWorker) return;
    let controlled = serviceWorker.controller !== null;
    serviceWorker.addEventListener('controllerchange', () => {
      if (this.#asked) location.reload();
      else if (controlled) ready();
      controlled = true;
    });
    const registration = await serviceWorker.register(trusted(WORKER));
    this.#registration = registration;
    // Left from an earlier visit: nobody has begun anything on this page.
    if (registration.waiting && controlled) return this.#letIn(registration.waiting);
    const watch = () => this.#watch(registration.installing, () => controlled && ready());
    registration.addEventListener('updatefound', watch);
    watch();
  }

  /** Looks whether the server has another build by now. */
  check(): void {
    this.#registration?.update().catch(() => undefined);
  }

  /** Reloads with the build that waits. */
  apply(): void {
    if (this.#waiting) this.#letIn(this.#waiting);
    else location.reload();
  }

  #watch(installing: ServiceWorker | null, ready: () => void): void {
    installing?.addEventListener('statechange', () => {
      if (installing.state !== 'installed') return;
      this.#waiting = installing;
      ready();
    });
  }

  #letIn(worker: ServiceWorker): void {
    this.#asked = true;
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a worker has no origin to name
    worker.postMessage('take over');
  }
}

/** The one address of a script that the policy lets this page make. */
function trusted(url: string): string {
  const { trustedTypes } = globalThis as { trustedTypes?: TrustedTypes };
  if (!trustedTypes) return url;
  return trustedTypes.createPolicy('sw-url', { createScriptURL: () => WORKER }).createScriptURL(url);
}
