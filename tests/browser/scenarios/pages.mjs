// Every page, light and dark, wide and narrow: nothing that axe-core finds, nothing to scroll sideways
// for, every stop of the Tab key seen, and a picture to look at.

import assert from 'node:assert/strict';
import { mkdir, readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { tabThrough } from '../harness/keyboard.mjs';
import { NO_PAGES, PAGES, Visitors } from '../pages.mjs';

const AXE = createRequire(import.meta.url).resolve('axe-core/axe.min.js');
const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];
const LOOKS = ['light', 'dark'].flatMap((scheme) => [1280, 320].map((width) => ({ scheme, width })));

/** Whether the list of pages has every page that the site has, and no other. */
export async function complete() {
  const routes = JSON.parse(await readFile(process.env.ROUTES, 'utf8'));
  const shown = routes.filter(({ method, access }) => method === 'GET' && !access.startsWith('Key'));
  const known = new Set([...NO_PAGES, ...PAGES.map(({ route }) => route)]);
  const unseen = shown.map(({ path }) => path).filter((path) => !known.has(path));
  assert.deepEqual(unseen, [], 'these pages are looked at by no test; add them to tests/browser/pages.mjs');
  const paths = new Set(routes.map(({ path }) => path));
  const gone = PAGES.map(({ route }) => route).filter((path) => path !== '*' && !paths.has(path));
  assert.deepEqual(gone, [], 'tests/browser/pages.mjs names addresses that the site does not have');
}

/** Looks at all of them; says everything that is wrong, not just the first thing. */
export async function looks(world, test) {
  await mkdir(world.screenshots, { recursive: true });
  const axe = await readFile(AXE, 'utf8');
  const visitors = new Visitors(world);
  for (const who of new Set(PAGES.map((page) => page.who))) {
    await test.test(`as seen by ${who}`, async (test) => {
      await world.visit({ also: [world.provider.issuer] }, async (page, visit) => {
        await visitors.prepare(page, who);
        visit.expectNothingWrong();
        for (const { name, open } of PAGES.filter((page) => page.who === who)) {
          await test.test(name, () => look(page, visit, { name, axe, screenshots: world.screenshots }, () => open(page, visitors)));
        }
      });
    });
  }
}

async function look(page, visit, { name, axe, screenshots }, open) {
  visit.wrong.length = 0;
  await page.setViewportSize({ width: 1280, height: 900 });
  await open();
  assert.equal(await page.locator('h1').count(), 1, `${page.url()} has not exactly one first heading`);
  const wrong = [];
  for (const { scheme, width } of LOOKS) {
    // With reduced motion colours change at once, so that none is judged on its way.
    await page.emulateMedia({ colorScheme: scheme, reducedMotion: 'reduce' });
    await page.setViewportSize({ width, height: 900 });
    wrong.push(...(await tooWide(page)).map((what) => `${scheme}, ${width}: ${what}`));
    await page.evaluate(axe);
    const { violations } = await page.evaluate(
      (values) => window.axe.run({ runOnly: { type: 'tag', values }, preload: false, resultTypes: ['violations'] }),
      TAGS,
    );
    for (const { id, help, nodes } of violations) {
      const where = nodes.map(({ target, failureSummary }) => `${target}: ${failureSummary}`).join('\n    ');
      wrong.push(`${scheme}, ${width}: ${id}, ${help}\n    ${where}`);
    }
    await page.screenshot({ path: join(screenshots, `${name}-${scheme}-${width}.png`), fullPage: true });
  }
  await tabThrough(page);
  if (wrong.length) assert.fail(`${page.url()}:\n  ${wrong.join('\n  ')}`);
  visit.expectNothingWrong();
}

/** What makes a page wider than its window. */
function tooWide(page) {
  return page.evaluate(() => {
    const { scrollWidth, clientWidth } = document.documentElement;
    if (scrollWidth <= clientWidth) return [];
    const over = [...document.querySelectorAll('body *')].filter(
      (element) => element.getBoundingClientRect().right > clientWidth && !element.closest('.wide'),
    );
    const shown = over.slice(-3).map((element) => element.outerHTML.slice(0, 120));
    return [`the page is ${scrollWidth} wide, for instance by ${shown.join(' and ')}`];
  });
}
