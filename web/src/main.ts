import { mount } from 'svelte';
import { BrowserHost } from './lib/browserhost';
import { Updates } from './lib/updates';
import { Client } from './model/client.svelte';
import { Rest } from './net/rest';
import App from './ui/App.svelte';
import { language } from './ui/text/text';

const target = document.getElementById('app');
if (!target) throw new Error('index.html has no #app');

const host = new BrowserHost();
const rest = new Rest(fetch.bind(globalThis));
const client = new Client(host, rest, language, async (account, ended) => {
  const { openChat } = await import('./model/openchat');
  return openChat(account, host, rest, language, ended);
});

// Before anything is shown, so that nothing is shown in another language first.
await language.start(host.notes, navigator.languages);
mount(App, { target, props: { client, updates: new Updates() } });
void client.start();
