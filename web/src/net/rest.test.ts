import { expect, test } from 'vitest';
import { Rest } from './rest';

/** An HTTP half that answers with `body`, and what it was asked. */
function answering(body: string, status = 200) {
  const asked: { path: string; init: RequestInit | undefined }[] = [];
  const rest = new Rest(async (path, init) => {
    asked.push({ path: String(path), init });
    return new Response(body, { status });
  });
  return { rest, asked };
}

test('a login is posted as JSON, and answers who it is', async () => {
  const user = { id: '7', name: 'zoe', display_name: 'Zoe', role: 'member' };
  const { rest, asked } = answering(JSON.stringify({ ok: true, user, created: true }));
  const login = { name: 'zoe', password: 'correct horse', ask_new: true };
  expect(await rest.login(login)).toMatchObject({ user, created: true });
  expect(asked[0]).toMatchObject({ path: '/api/v1/login', init: { method: 'POST', body: JSON.stringify(login) } });
});

test('a refusal keeps its code, field and waiting time', async () => {
  const error = { code: 'rate_limited', message: 'Slow down.', field: 'name', retry_ms: 30_000 };
  const { rest } = answering(JSON.stringify({ ok: false, error }), 429);
  await expect(rest.me()).rejects.toMatchObject({
    code: 'rate_limited',
    message: 'Slow down.',
    field: 'name',
    retryMs: 30_000,
    passing: true,
  });
});

test("a proxy's page and a broken connection are no answer", async () => {
  const offline = { code: 'offline', message: 'no answer from the server' };
  await expect(answering('<h1>Bad gateway</h1>', 502).rest.logout()).rejects.toMatchObject(offline);
  const broken = new Rest(() => Promise.reject(new TypeError('Failed to fetch')));
  await expect(broken.me()).rejects.toMatchObject(offline);
});
