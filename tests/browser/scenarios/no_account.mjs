// Objecting without an account: a code, a request about what others published, the case by mail.

import assert from 'node:assert/strict';
import { links } from '../harness/mail.mjs';
import { code, expectHeading } from '../harness/people.mjs';
import { say } from '../harness/words.mjs';

const LANGUAGE = 'it';
const words = (id, values) => say(LANGUAGE, id, values);

export default async function noAccount(world) {
  const stranger = 'nobody.known@elsewhere.example';
  const known = world.platform.someone(() => true).email;
  assert.equal(await asked(world, stranger), await asked(world, known), 'the page tells who has an account');

  await world.visit({ language: LANGUAGE, scripts: false }, async (page) => {
    const before = world.mail.all(stranger, words('form-code-subject')).length;
    await ask(page, stranger);
    await page.getByLabel(words('form-code-label')).fill(await code(world, stranger, before, LANGUAGE));
    await page.getByRole('button', { name: words('action-continue') }).click();
    await page.getByRole('radio', { name: words('form-about-mentions') }).check();
    await page.getByLabel(words('form-name-label')).fill('Nora Nessuno');
    await page.getByRole('button', { name: words('action-object'), exact: true }).click();
    await expectHeading(page, words('form-done-title'));
  });

  const receipt = await world.mail.next(stranger, words('letter-receipt-subject'));
  await world.visit({ language: LANGUAGE, scripts: false }, async (page) => {
    await page.goto(links(receipt, `${world.url}/c/`)[0]);
    await page.locator('main .status').first().waitFor();
    assert.equal(await page.locator('html').getAttribute('lang'), LANGUAGE);
  });
}

async function ask(page, email) {
  await page.goto('/privacy/no-account');
  await page.getByLabel(words('form-email-label')).fill(email);
  await page.getByRole('button', { name: words('form-email-button') }).click();
  await page.getByLabel(words('form-code-label')).waitFor();
}

/** What the page says after an address was entered. */
async function asked(world, email) {
  let said;
  await world.visit({ language: LANGUAGE, scripts: false }, async (page) => {
    await ask(page, email);
    said = (await page.locator('body').innerText()).replaceAll(email, 'EMAIL');
  });
  return said;
}
