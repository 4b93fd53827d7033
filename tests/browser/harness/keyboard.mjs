// Going about with the keyboard alone.

import assert from 'node:assert/strict';

/** More stops than any page has. */
const MOST = 150;

/** Presses Tab until the focus is on `target`; where it goes on the way, it is seen. */
export async function tabTo(page, target) {
  const wanted = await target.elementHandle();
  for (let stop = 0; stop < MOST; stop++) {
    await page.keyboard.press('Tab');
    await expectFocusSeen(page);
    if (await page.evaluate((wanted) => document.activeElement === wanted, wanted)) return;
  }
  assert.fail(`Tab does not lead to ${target} on ${page.url()}`);
}

/** Presses Tab through a whole page; every stop is seen, and no two follow each other for nothing. */
export async function tabThrough(page) {
  await page.evaluate(() => {
    document.activeElement?.blur();
    window.getSelection()?.removeAllRanges();
  });
  const stops = new Set();
  for (let stop = 0; stop < MOST; stop++) {
    await page.keyboard.press('Tab');
    const at = await page.evaluate(() => [...document.querySelectorAll('*')].indexOf(document.activeElement));
    // Round once: the browser's own parts, then the first stop again.
    if (stops.has(at)) return stops.size;
    stops.add(at);
    await expectFocusSeen(page);
  }
  assert.fail(`Tab goes no way round on ${page.url()}`);
}

/** Whether what has the focus is inside the window and looks different for it (WCAG 2.4.7, 2.4.11). */
async function expectFocusSeen(page) {
  const focus = await page.evaluate(() => {
    const element = document.activeElement;
    if (!element || element === document.body || element === document.documentElement) return undefined;
    const rings = [element, ...[element.closest('label, .choice')].filter(Boolean)].map((ring) => getComputedStyle(ring));
    const box = element.getBoundingClientRect();
    return {
      what: `${element.outerHTML.slice(0, 100)}`,
      ring: rings.some(
        ({ outlineStyle, outlineWidth, boxShadow }) =>
          (outlineStyle !== 'none' && parseFloat(outlineWidth) >= 2) || boxShadow !== 'none',
      ),
      inside:
        box.width > 0 && box.height > 0 && box.bottom > 0 && box.right > 0 &&
        box.top < window.innerHeight && box.left < window.innerWidth,
    };
  });
  if (!focus) return;
  assert.ok(focus.ring, `the focus is not seen on ${focus.what} of ${page.url()}`);
  assert.ok(focus.inside, `the focus is outside the window, on ${focus.what} of ${page.url()}`);
}
