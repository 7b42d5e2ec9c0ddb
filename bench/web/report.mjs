import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { cpus, loadavg, release, totalmem } from 'node:os';
import { join } from 'node:path';

const PAGE = join(import.meta.dirname, '../../docs/performance-web.md');
const BEGIN = '<!-- measured: begin -->';
const END = '<!-- measured: end -->';

/** What is measured, by key: in words, its unit, and what it may be at most (or at least). */
const BUDGETS = [
  ['cold-usable', 'Cold start on a slow line: sign-in usable', 's', { most: 2 }],
  ['cold-messages', 'then from [Sign in] to messages', 's', { most: 2.5 }],
  ['repeat', 'Repeat visit to a cached conversation on the same line', 's', { most: 1 }],
  ['key-paint', 'Key press to paint, p95', 'ms', { most: 50 }],
  ['inp', 'Interaction to next paint, p75', 'ms', { most: 200 }],
  ['own-row', 'Enter to the own row', 'ms', { most: 50 }],
  ['switch-cached', 'Switch conversation, cached', 'ms', { most: 100 }],
  ['switch-network', 'Switch conversation, over the network', 'ms', { most: 300 }],
  ['switcher', 'Open the switcher', 'ms', { most: 100 }],
  ['incoming', 'Incoming at 100 messages/s: main thread, each', 'ms', { most: 2 }],
  ['scroll-smooth', 'Scroll at 1,200–3,600 px/s: frames of at most 20 ms', '%', { least: 99 }],
  ['fling-p95', 'Fling at 24,000 px/s: frame time, p95', 'ms', { most: 34 }],
  ['fling-blank', 'the same: frames more than 10 % blank', '%', { most: 2 }],
  ['fling-edge', 'the same: frames that waited for messages', '%', {}],
  ['rows', 'Rows in the page while scrolling', '', { most: 80 }],
  ['heap', 'JavaScript heap after scrolling', 'MB', { most: 80 }],
  ['drift', 'Drift of a row while older messages arrive', 'px', { most: 0 }],
];

/** Gathers the figures of all rounds: a table for the terminal, and for the page in docs. */
export class Report {
  #figures = new Map();
  #setting;
  #loadBefore = loadavg();

  constructor(setting) {
    this.#setting = setting;
  }

  add(figures) {
    for (const [key, figure] of Object.entries(figures)) {
      if (!BUDGETS.some(([known]) => known === key)) throw new Error(`no budget is named ${key}`);
      this.#figures.set(key, [...(this.#figures.get(key) ?? []), figure]);
    }
  }

  print() {
    console.log(this.#about().join('\n'));
    for (const row of this.#rows()) {
      console.log([row.what.padEnd(58), row.budget.padStart(10), row.measured.padStart(24), row.verdict].join('  '));
    }
  }

  /** Writes the table into the page between its marks. Returns the page's path. */
  write() {
    const page = readFileSync(PAGE, 'utf8');
    const [head, tail] = [page.indexOf(BEGIN), page.indexOf(END)];
    if (head < 0 || tail < head) throw new Error(`${PAGE} has no marks to write between`);
    const lines = this.#rows().map((row) => `| ${row.what} | ${row.budget} | ${row.measured} | ${row.verdict} |`);
    const about = this.#about().map((line) => `- ${line}`);
    const table = ['| what | budget | measured | |', '|---|---|---|---|', ...lines];
    const text = [BEGIN, '', ...about, '', ...table, '', END].join('\n');
    writeFileSync(PAGE, page.slice(0, head) + text + page.slice(tail + END.length));
    return PAGE;
  }

  // Internal

  #rows() {
    return BUDGETS.filter(([key]) => this.#figures.has(key)).map(([key, what, unit, limit]) => {
      const sorted = this.#figures.get(key).toSorted((a, b) => a - b);
      const median = sorted[Math.floor((sorted.length - 1) / 2)];
      const range = sorted.length > 1 ? ` (${short(sorted[0])}–${short(sorted.at(-1))})` : '';
      return {
        what,
        budget: budget(limit, unit),
        measured: `${short(median)}${range} ${unit}`.trim(),
        verdict: verdict(median, limit),
      };
    });
  }

  #about() {
    const { rounds, messages, browser } = this.#setting;
    const { length, 0: cpu } = cpus();
    const load = (all) => all.map((one) => one.toFixed(1)).join(' ');
    return [
      `Measured on ${new Date().toISOString().slice(0, 16).replace('T', ' ')} UTC at commit ${commit()}.`,
      `${rounds} round${rounds === 1 ? '' : 's'}, median (and range), in a room of ${messages.toLocaleString('en')} messages.`,
      `${length} × ${cpu.model.trim()}, ${Math.round(totalmem() / 2 ** 30)} GiB, Linux ${release()}, Chromium ${browser}, headless; server, writers and browser on the same machine.`,
      `Load average before: ${load(this.#loadBefore)}; after: ${load(loadavg())}.`,
    ];
  }
}

function budget({ most, least }, unit) {
  if (most !== undefined) return `≤ ${most} ${unit}`.trim();
  return least === undefined ? '' : `≥ ${least} ${unit}`;
}

function verdict(figure, { most = Infinity, least = -Infinity }) {
  if (most === Infinity && least === -Infinity) return '';
  return figure <= most && figure >= least ? 'met' : 'missed';
}

function short(figure) {
  return Number(figure.toPrecision(3)).toLocaleString('en', { maximumFractionDigits: 2 });
}

function commit() {
  const git = (...args) => execFileSync('git', args, { cwd: import.meta.dirname, encoding: 'utf8' }).trim();
  const changed = git('status', '--porcelain', '--', '..', '../../web', '../../internal') === '' ? '' : ' with changes';
  return git('rev-parse', '--short', 'HEAD') + changed;
}
