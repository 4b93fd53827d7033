// Everything a person does, with Tab, Enter and Space alone.

import assert from 'node:assert/strict';
import { code, directLink, expectHeading } from '../harness/people.mjs';
import { tabTo } from '../harness/keyboard.mjs';
import { say } from '../harness/words.mjs';

const LANGUAGE = 'en';
const words = (id, values) => say(LANGUAGE, id, values);

export default async function keyboard(world) {
  const [one, two] = [1, 2].map(() => world.platform.someone(({ locale }) => locale?.startsWith(LANGUAGE)));
  const link = await directLink(world, one);

  await world.visit({}, async (page) => {
    const button = (id) => page.getByRole('button', { name: words(id), exact: true }).first();
    const press = async (target, key = 'Enter') => {
      await tabTo(page, target);
      await page.keyboard.press(key);
    };
    // The first stop leads past the head of the page.
    await page.goto(link);
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    assert.equal(await page.evaluate(() => document.activeElement.id), 'content');
    await press(button('action-object'));
    await expectHeading(page, words('link-done-title'));
    await press(page.getByRole('link', { name: words('action-case') }));
    await page.getByText(words('status-received'), { exact: true }).waitFor();
  });

  await world.visit({}, async (page) => {
    const button = (id) => page.getByRole('button', { name: words(id), exact: true }).first();
    const type = async (label, text) => {
      await tabTo(page, page.getByLabel(words(label)));
      await page.keyboard.type(text);
      await page.keyboard.press('Enter');
    };
    const before = world.mail.all(two.email, words('form-code-subject')).length;
    await page.goto('/privacy');
    await type('form-email-label', two.email);
    await page.getByLabel(words('form-code-label')).waitFor();
    await type('form-code-label', await code(world, two.email, before, LANGUAGE));
    await button('privacy-sign-out').waitFor();
    const box = page.getByRole('checkbox', { name: words('scope-third-party') });
    await tabTo(page, box);
    await page.keyboard.press('Space');
    assert.ok(await box.isChecked());
    await tabTo(page, button('action-object'));
    await page.keyboard.press('Space');
    await page.getByRole('status').waitFor();
    const [{ scopes }] = (await world.platform.json('objection', 'list', '--account', two.id)).cases;
    assert.ok(scopes.includes('third_party'), scopes);
    await tabTo(page, button('privacy-sign-out'));
    await page.keyboard.press('Enter');
    await page.getByLabel(words('form-email-label')).waitFor();
  });
}
