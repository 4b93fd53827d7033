// The privacy centre in German, on a phone, by a code that comes by mail, without a script.

import assert from 'node:assert/strict';
import { caseNumber, enterByCode, expectHeading } from '../harness/people.mjs';
import { say } from '../harness/words.mjs';

const words = (id, values) => say('de', id, values);
const PHONE = { width: 360, height: 780, language: 'de-DE', scripts: false };

export default async function centre(world) {
  const person = world.platform.someone((facts) => facts.locale === 'de');
  await world.visit(PHONE, async (page, visit) => {
    const button = (id) => page.getByRole('button', { name: words(id), exact: true }).first();
    await enterByCode(world, page, person, 'de');
    await onPhone(page);
    await expectHeading(page, words('privacy-title'));
    await page.getByText(words('privacy-state-none')).waitFor();

    // Everything unticked objects to nothing, and says so.
    for (const box of await page.getByRole('checkbox').all()) await box.uncheck();
    await button('action-object').click();
    await page.getByRole('alert').getByText(words('privacy-choose')).waitFor();
    await onPhone(page);

    await page.getByRole('checkbox', { name: words('scope-ai-interactions') }).check();
    await button('action-object').click();
    await page.getByRole('status').waitFor();
    await onPhone(page);
    const number = await caseNumber(page);
    const [objection] = (await world.platform.json('objection', 'list', '--account', person.id)).cases;
    assert.deepEqual([objection.case, objection.scopes], [number, ['ai_interactions']]);

    await page.getByRole('link', { name: words('action-case') }).click();
    await expectHeading(page, words('case-title', { case: number }));
    await onPhone(page);
    await page.getByRole('link', { name: words('action-withdraw') }).click();
    await onPhone(page);
    await button('action-withdraw').click();
    await page.getByText(words('status-withdrawn'), { exact: true }).waitFor();
    await onPhone(page);
    const letter = await world.mail.next(person.email, words('letter-withdrawal-subject'));
    assert.ok(letter.subject.includes(number));

    await page.goto('/privacy');
    await button('privacy-sign-out').click();
    await page.getByLabel(words('form-email-label')).waitFor();
    assert.deepEqual(await visit.context.cookies(), []);
  });
}

/** German throughout, and nothing to scroll sideways for. */
async function onPhone(page) {
  assert.equal(await page.locator('html').getAttribute('lang'), 'de');
  const { content, window } = await page.evaluate(() => ({
    content: document.documentElement.scrollWidth,
    window: document.documentElement.clientWidth,
  }));
  assert.ok(content <= window, `${page.url()} is ${content} wide on a phone of ${window}`);
}
