// Mail → link → objection → case page → console → letter, without a script on the person's side.

import assert from 'node:assert/strict';
import { links } from '../harness/mail.mjs';
import { caseNumber, directLink, enterConsole, expectHeading } from '../harness/people.mjs';
import { say } from '../harness/words.mjs';

const LANGUAGE = 'fr';
const words = (id, values) => say(LANGUAGE, id, values);

export default async function story(world) {
  const person = world.platform.someone((facts) => facts.locale === LANGUAGE);
  const link = await directLink(world, person);
  const status = async () => (await world.platform.json('objection', 'list', '--account', person.id)).cases;
  let number;

  await world.visit({ scripts: false }, async (page) => {
    await page.goto(link);
    assert.equal(await page.locator('html').getAttribute('lang'), LANGUAGE);
    assert.deepEqual(await status(), [], 'looking changes nothing');
    await page.getByRole('button', { name: words('action-object'), exact: true }).first().click();
    await expectHeading(page, words('link-done-title'));
    number = await caseNumber(page);
    assert.deepEqual((await status()).map((objection) => [objection.case, objection.status]), [[number, 'received']]);
  });

  const receipt = await world.mail.next(person.email, words('letter-receipt-subject'));
  assert.ok(receipt.subject.includes(number));
  await world.visit({ scripts: false }, async (page) => {
    await page.goto(links(receipt, `${world.url}/c/`)[0]);
    await expectHeading(page, words('case-title', { case: number }));
    assert.equal(await page.locator('main .status').first().innerText(), words('status-received'));
  });

  await world.visit({ also: [world.provider.issuer] }, async (page) => {
    await enterConsole(world, page, 'ada');
    await page.getByRole('link', { name: number }).click();
    await page.getByRole('button', { name: 'Approve', exact: true }).click();
    const letter = page.getByRole('article', { name: 'The letter' });
    assert.ok((await letter.innerText()).includes(words('letter-approval-title')));
    assert.equal((await status())[0].status, 'received', 'a preview decides nothing');
    await page.getByRole('button', { name: 'Approve' }).click();
    await page.getByRole('status').waitFor();
  });
  assert.equal((await status())[0].status, 'approved');

  const approval = await world.mail.next(person.email, words('letter-approval-subject'));
  await world.visit({ scripts: false }, async (page) => {
    await page.goto(links(approval, `${world.url}/c/`)[0]);
    assert.equal(await page.locator('main .status').first().innerText(), words('status-approved'));
    await page.getByRole('link', { name: words('case-letter') }).first().click();
    assert.ok((await page.locator('article.letter').innerText()).includes(words('letter-approval-title')));
  });
}
