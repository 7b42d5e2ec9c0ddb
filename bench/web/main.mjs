// Measures the web client in a real browser against the real server, beside its budgets:
//   node bench/web/main.mjs [-quick] [-rounds 3] [-messages 100000] [-only part of a measure's name] [-write]
// -write also puts what was measured into docs/performance-web.md.
import { parseArgs } from 'node:util';
import { launchBrowser } from '../../e2e/lib/browser.mjs';
import { Server } from '../../e2e/lib/server.mjs';
import { Archive } from './archive.mjs';
import { arriving } from './arriving.mjs';
import { hearing } from './hearing.mjs';
import { moving } from './moving.mjs';
import { Report } from './report.mjs';
import { scrolling } from './scrolling.mjs';
import { writing } from './writing.mjs';

/** Each takes the scene, measures once, and answers its figures by the keys of the budgets. */
const MEASURES = { scrolling, writing, moving, hearing, arriving };
const NO_LIMITS = ['--sends-per-second=1000000', '--send-burst=1000000', '--sockets-per-address=1000'];

const { values } = parseArgs({
  args: process.argv.slice(2).map((arg) => arg.replace(/^-(?=\w{2})/, '--')),
  options: {
    quick: { type: 'boolean', default: false },
    rounds: { type: 'string' },
    messages: { type: 'string' },
    only: { type: 'string', default: '' },
    write: { type: 'boolean', default: false },
  },
});
const rounds = Number(values.rounds ?? (values.quick ? 1 : 3));
const messages = Number(values.messages ?? (values.quick ? 10_000 : 100_000));
const wanted = Object.entries(MEASURES).filter(([name]) => name.includes(values.only));

const server = await Server.start(...NO_LIMITS);
const browser = await launchBrowser();
const report = new Report({ rounds, messages, browser: browser.version() });
try {
  const archive = await Archive.fill(server.url, messages, tell);
  for (let round = 1; round <= rounds; round++) {
    for (const [name, measure] of wanted) {
      tell(`round ${round} of ${rounds}: ${name}`);
      report.add(await measure({ browser, server, archive }));
    }
  }
  archive.close();
  report.print();
  if (values.write) tell(report.write());
} finally {
  await browser.close();
  await server.remove();
}

function tell(text) {
  console.error(text);
}
