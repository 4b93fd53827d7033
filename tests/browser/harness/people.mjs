// What people do on the site, step by step, as several scenarios need it.

import assert from 'node:assert/strict';
import { links } from './mail.mjs';
import { signInAs } from './provider.mjs';
import { say } from './words.mjs';

/** The code in the newest mail with one; `before` is how many there were. */
export async function code(world, email, before, language) {
  const mail = await world.mail.next(email, say(language, 'form-code-subject'), before);
  const [found] = mail.subject.match(/[\d ]{6,}/) ?? [];
  assert.ok(found, mail.subject);
  return found.trim();
}

/** Says who they are in the privacy centre by a code to their address. */
export async function enterByCode(world, page, person, language) {
  const before = world.mail.all(person.email, say(language, 'form-code-subject')).length;
  await page.goto('/privacy');
  await page.getByLabel(say(language, 'form-email-label')).fill(person.email);
  await page.getByRole('button', { name: say(language, 'form-email-button') }).click();
  const number = await code(world, person.email, before, language);
  await page.getByLabel(say(language, 'form-code-label')).fill(number);
  await page.getByRole('button', { name: say(language, 'action-continue') }).click();
  await page.getByRole('button', { name: say(language, 'privacy-sign-out') }).waitFor();
}

/** The direct link in somebody's notice. */
export async function directLink(world, person) {
  const notice = await world.notice(person);
  const [link] = links(notice, `${world.url}/o/`);
  assert.ok(link, `there is no link in: ${notice.text}`);
  return link;
}

/** The number of a case, wherever it stands on the page. */
export async function caseNumber(page) {
  const [number] = (await page.locator('main').innerText()).match(CASE) ?? [];
  assert.ok(number, 'the page names no case');
  return number;
}

const CASE = /\b[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}\b/;

/** Signs somebody in at the console by the provider. */
export async function enterConsole(world, page, who) {
  await page.goto('/console/sign-in/oidc');
  await signInAs(page, who, world.url);
}

/** Waits for the page with this first heading: what was pressed may still be leading there. */
export async function expectHeading(page, name) {
  await page.getByRole('heading', { level: 1, name, exact: true }).waitFor();
}
