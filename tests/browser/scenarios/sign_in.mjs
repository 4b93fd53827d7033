// Signing in at a real provider of OpenID Connect: a person, and those who work in the console.

import assert from 'node:assert/strict';
import { enterConsole, expectHeading } from '../harness/people.mjs';
import { signInAs } from '../harness/provider.mjs';
import { say } from '../harness/words.mjs';

const LANGUAGE = 'pl';
const words = (id, values) => say(LANGUAGE, id, values);

export async function person(world) {
  const person = world.platform.someone((facts) => facts.locale === LANGUAGE);
  const visit = { language: LANGUAGE, scripts: false, also: [world.provider.issuer] };
  const leave = async (page) => {
    await page.goto('/privacy');
    await page.getByRole('link', { name: words('privacy-sign-in-button'), exact: true }).click();
  };
  await world.visit(visit, async (page) => {
    await leave(page);
    await signInAs(page, person.id, world.url);
    assert.equal(new URL(page.url()).pathname, '/privacy');
    await page.getByRole('button', { name: words('action-object'), exact: true }).first().click();
    await page.getByRole('status').waitFor();
    const { cases } = await world.platform.json('objection', 'list', '--account', person.id);
    assert.equal(cases.length, 1);
    // Whoever is identified is not asked again.
    await page.goto('/privacy/sign-in');
    await page.getByRole('button', { name: words('privacy-sign-out') }).waitFor();
  });
  await world.visit(visit, async (page) => {
    await leave(page);
    await signInAs(page, '17', world.url);
    await expectHeading(page, words('sign-in-unknown-title'));
    await page.locator('main').getByRole('link', { name: words('site-no-account') }).waitFor();
  });
  await world.visit(visit, async (page) => {
    await leave(page);
    await page.getByRole('button', { name: 'Cancel' }).click();
    await page.waitForURL((address) => address.href.startsWith(world.url));
    await expectHeading(page, words('sign-in-failed-title'));
    assert.deepEqual((await page.context().cookies(world.url)).filter(({ name }) => name === 'demur'), []);
  });
}

export async function staff(world) {
  const visit = { also: [world.provider.issuer] };
  await world.visit(visit, async (page) => {
    await enterConsole(world, page, 'ada');
    assert.equal(new URL(page.url()).pathname, '/console');
    await page.getByText('Ada Reviewer').waitFor();
  });
  await world.visit(visit, async (page) => {
    await enterConsole(world, page, 'otto');
    await page.getByText('Otto Auditor').waitFor();
    assert.equal(await page.getByRole('button', { name: /Approve/ }).count(), 0, 'auditors only read');
  });
  await world.visit(visit, async (page) => {
    await enterConsole(world, page, 'nils');
    await expectHeading(page, 'You may not use the console');
  });
}
