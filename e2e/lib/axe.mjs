import { readFileSync } from 'node:fs';
import { fromWeb } from './packages.mjs';

const source = readFileSync(fromWeb.resolve('axe-core/axe.min.js'), 'utf8');

/**
 * Code that is wider than its message joins the tab order with its message, as all controls of the list do: the list is
 * one stop, and the arrow keys move it. axe-core sees the other messages.
 */
const MOVING_STOP = { id: 'scrollable-region-focusable', selector: '[role=feed] pre' };

/** What axe-core finds wrong on the page, one line each. */
export function violations(page) {
  return run(page, {});
}

/** What axe-core finds wrong with the colours of the page alone. */
export function contrast(page) {
  return run(page, { runOnly: { type: 'rule', values: ['color-contrast'] } });
}

async function run(page, options) {
  await page.evaluate(`if (!window.axe) { ${source} }`);
  await page.evaluate(({ id, selector }) => {
    window.axe.configure({ rules: [{ id, selector: `*:not(${selector})` }] });
  }, MOVING_STOP);
  const found = await page.evaluate((wanted) => window.axe.run(document, wanted), {
    resultTypes: ['violations'],
    ...options,
  });
  return found.violations.flatMap(({ id, help, nodes }) =>
    nodes.map((node) => `${id}: ${help}: ${node.target.join(' ')}`),
  );
}
