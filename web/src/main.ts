import { mount } from 'svelte';
import { BrowserHost } from './lib/browserhost';
import { Client } from './model/client.svelte';
import { Rest } from './net/rest';
import App from './ui/App.svelte';

const target = document.getElementById('app');
if (!target) throw new Error('index.html has no #app');

const host = new BrowserHost();
const rest = new Rest(fetch.bind(globalThis));
const client = new Client(host, rest, async (account, ended) => {
  const { openChat } = await import('./model/openchat');
  return openChat(account, host, rest, ended);
});

mount(App, { target, props: { client } });
void client.start();
