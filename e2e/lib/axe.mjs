import { readFileSync } from 'node:fs';
import { fromWeb } from './packages.mjs';

const source = readFileSync(fromWeb.resolve('axe-core/axe.min.js'), 'utf8');

/** What axe-core finds wrong on the page, one line each. */
export async function violations(page) {
  await page.evaluate(source);
  const found = await page.evaluate(() => window.axe.run(document, { resultTypes: ['violations'] }));
  return found.violations.flatMap(({ id, help, nodes }) =>
    nodes.map((node) => `${id}: ${help}: ${node.target.join(' ')}`),
  );
}
