// Every page of the site, and how a visitor comes to it. A test holds this list against the routes of
// the site: a page that stands nowhere here is one that nobody has looked at.

import { links } from './harness/mail.mjs';
import { caseNumber, code, directLink, enterByCode, enterConsole, expectHeading } from './harness/people.mjs';
import { PURPOSE } from './harness/platform.mjs';
import { say } from './harness/words.mjs';

const words = (id, values) => say('en', id, values);
const submit = (page, id) => page.getByRole('button', { name: words(id), exact: true }).first().click();

/** Addresses that show no page: files, answers to software, and ways that only lead on. */
export const NO_PAGES = [
  '/style.css',
  '/icon.svg',
  '/figures.css',
  '/form.css',
  '/console.css',
  '/console.js',
  '/transparency.json',
  '/transparency.csv',
  '/c/{token}/receipt.json',
  '/privacy/case/{case}/receipt.json',
  '/api/v1/openapi.json',
  '/api/v1/problems/{name}',
  '/healthz',
  '/readyz',
  '/metrics',
];

/** Whom the visitors of the pages are: they are signed in before their first page. */
export class Visitors {
  constructor(world) {
    const english = ({ locale }) => locale?.startsWith('en');
    this.world = world;
    [this.one, this.two, this.three] = [1, 2, 3].map(() => world.platform.someone(english));
  }

  /** Prepares a browser for pages that somebody sees. */
  async prepare(page, who) {
    if (who === 'person') return enterByCode(this.world, page, this.one, 'en');
    if (who === 'objector') return this.#object(page);
    if (who.startsWith('reviewer')) return enterConsole(this.world, page, 'ada');
    if (who === 'auditor') return enterConsole(this.world, page, 'otto');
  }

  /** Somebody with a case that is open, one that is decided, and letters. */
  async #object(page) {
    await enterByCode(this.world, page, this.two, 'en');
    await submit(page, 'action-object');
    await page.getByRole('status').waitFor();
    this.number = await caseNumber(page);
    const receipt = await this.world.mail.next(this.two.email, words('letter-receipt-subject'));
    [this.caseLink] = links(receipt, `${this.world.url}/c/`);
  }
}

/** Pages: the route, a name for pictures, who sees it, and the way there. */
export const PAGES = [
  // Direct link
  page('/o/{token}', 'link', 'anybody', async (page, { world, three }) => page.goto(await directLink(world, three))),
  page('/o/{token}', 'link-invalid', 'anybody', (page) => page.goto('/o/broken')),
  page('/o/{token}', 'link-left', 'anybody', async (page, { world, three }) => {
    await page.goto(await directLink(world, three));
    await submit(page, 'action-leave');
    await expectHeading(page, words('link-left-title'));
  }),
  page('/o/{token}', 'link-done', 'anybody', async (page, { world, three }) => {
    await page.goto(await directLink(world, three));
    await submit(page, 'action-object');
    await expectHeading(page, words('link-done-title'));
  }),
  page('/o/{token}', 'link-already', 'anybody', async (page, { world, three }) => page.goto(await directLink(world, three))),

  // Privacy centre
  page('/privacy', 'centre-unknown', 'anybody', (page) => page.goto('/privacy')),
  page('/privacy', 'centre-unknown-german', 'anybody', (page) => page.goto('/privacy?lang=de')),
  page('/privacy', 'centre-unknown-error', 'anybody', async (page) => {
    await page.goto('/privacy');
    await page.getByLabel(words('form-email-label')).fill('nobody');
    await submit(page, 'form-email-button');
    await page.getByRole('alert').waitFor();
  }),
  page('/privacy/enter', 'centre-code', 'anybody', async (page) => {
    await page.goto('/privacy');
    await page.getByLabel(words('form-email-label')).fill('stranger@elsewhere.example');
    await submit(page, 'form-email-button');
    await page.getByLabel(words('form-code-label')).waitFor();
  }),
  page('/privacy/enter', 'centre-code-wrong', 'anybody', async (page) => {
    await page.goto('/privacy');
    await page.getByLabel(words('form-email-label')).fill('stranger@elsewhere.example');
    await submit(page, 'form-email-button');
    await page.getByLabel(words('form-code-label')).fill('00000000');
    await submit(page, 'action-continue');
    await page.getByRole('alert').waitFor();
  }),
  page('/privacy/enter/{token}', 'centre-handover-expired', 'anybody', (page) => page.goto('/privacy/enter/broken')),
  page('/privacy', 'centre', 'person', (page) => page.goto('/privacy')),
  page('/privacy', 'centre-error', 'person', async (page) => {
    await page.goto('/privacy');
    for (const box of await page.getByRole('checkbox').all()) await box.uncheck();
    await submit(page, 'action-object');
    await page.getByRole('alert').waitFor();
  }),
  page('/privacy', 'centre-objected', 'objector', (page) => page.goto('/privacy')),
  page('/privacy/withdraw', 'centre-withdraw', 'objector', (page, { number }) => page.goto(`/privacy/withdraw?case=${number}`)),

  // Case page
  page('/privacy/case/{case}', 'case', 'objector', (page, { number }) => page.goto(`/privacy/case/${number}`)),
  page('/privacy/case/{case}/letter/{number}', 'case-letter', 'objector', async (page, { number }) => {
    await page.goto(`/privacy/case/${number}`);
    await page.locator(`main a[href*="/letter/"]`).first().click();
    await page.locator('article.letter').waitFor();
  }),
  page('/privacy/case/{case}/withdraw', 'case-withdraw', 'objector', (page, { number }) => page.goto(`/privacy/case/${number}/withdraw`)),
  page('/c/{token}', 'case-by-link', 'objector', (page, { caseLink }) => page.goto(caseLink)),
  page('/c/{token}/letter/{number}', 'case-by-link-letter', 'objector', async (page, { caseLink }) => {
    await page.goto(caseLink);
    await page.locator(`main a[href*="/letter/"]`).first().click();
    await page.locator('article.letter').waitFor();
  }),
  page('/c/{token}/withdraw', 'case-by-link-withdraw', 'objector', (page, { caseLink }) => page.goto(`${caseLink}/withdraw`)),
  page('/c/{token}', 'case-by-link-broken', 'anybody', (page) => page.goto('/c/broken')),

  // Without an account
  page('/privacy/no-account', 'no-account', 'anybody', (page) => page.goto('/privacy/no-account')),
  page('/privacy/no-account/code/{ticket}', 'no-account-code', 'anybody', async (page) => {
    await page.goto('/privacy/no-account');
    await page.getByLabel(words('form-email-label')).fill('other@elsewhere.example');
    await submit(page, 'form-email-button');
    await page.getByLabel(words('form-code-label')).waitFor();
  }),
  page('/privacy/no-account/form/{ticket}', 'no-account-form', 'anybody', (page, { world }) => noAccountForm(page, world)),
  page('/privacy/no-account/form/{ticket}', 'no-account-form-error', 'anybody', async (page, { world }) => {
    await noAccountForm(page, world);
    await page.getByRole('radio', { name: words('form-about-items') }).check();
    await submit(page, 'action-object');
    await page.getByRole('alert').waitFor();
  }),
  page('/privacy/no-account/done/{ticket}', 'no-account-done', 'anybody', async (page, { world }) => {
    await noAccountForm(page, world);
    await page.getByRole('radio', { name: words('form-about-mentions') }).check();
    await submit(page, 'action-object');
    await page.waitForURL('**/done/**');
  }),

  // For everybody
  page('/notice/{purpose}', 'notice', 'anybody', (page) => page.goto(`/notice/${PURPOSE}`)),
  page('/transparency', 'figures', 'anybody', (page) => page.goto('/transparency')),
  page('*', 'not-found', 'anybody', (page) => page.goto('/nowhere')),

  // Signing in elsewhere
  page('/privacy/sign-in', 'sign-in-failed', 'anybody', (page) => page.goto('/privacy/sign-in/callback')),
  page('/privacy/sign-in/callback', 'sign-in-failed-again', 'anybody', (page) => page.goto('/privacy/sign-in/callback?state=x')),
  page('/console/sign-in/oidc', 'console-sign-in-failed', 'anybody', (page) => page.goto('/console/sign-in/oidc/callback')),
  page('/console/sign-in/oidc/callback', 'console-outside', 'anybody', (page, { world }) => enterConsole(world, page, 'nils')),

  // Console
  page('/console/sign-in', 'console-sign-in', 'anybody', (page) => page.goto('/console/sign-in')),
  page('/console/sign-in', 'console-sign-in-wrong', 'anybody', async (page) => {
    await page.goto('/console/sign-in');
    await page.getByLabel('Name').fill('Nobody');
    await page.getByLabel('Password').fill('nothing');
    await page.getByRole('button', { name: 'Sign in', exact: true }).click();
    await page.getByRole('alert').waitFor();
  }),
  page('/console', 'console-queue', 'reviewer', (page) => page.goto('/console')),
  page('/console/search', 'console-search', 'reviewer', (page) => page.goto('/console/search')),
  page('/console/search', 'console-search-nothing', 'reviewer', async (page) => {
    await page.goto('/console/search');
    await page.getByRole('searchbox').fill('9999-9999-9999');
    await page.keyboard.press('Enter');
    await page.getByText('No case has this number').waitFor();
  }),
  page('/console/case/{case}', 'console-case', 'reviewer', openCase),
  page('/console/case/{case}', 'console-case-no-account', 'reviewer', async (page) => {
    await page.goto('/console');
    await page.getByRole('row').filter({ hasText: 'no account' }).getByRole('link').first().click();
    await page.getByRole('heading', { name: 'History' }).waitFor();
  }),
  page('/console/case/{case}', 'console-preview', 'reviewer', async (page) => {
    await openCase(page);
    await page.getByRole('button', { name: 'Approve', exact: true }).click();
    await page.getByRole('article', { name: 'The letter' }).waitFor();
  }),
  page('/console/case/{case}/extend', 'console-extend', 'reviewer', async (page) => {
    await openCase(page);
    await page.getByRole('link', { name: 'Take more time' }).click();
    await page.getByLabel('Reasons').waitFor();
  }),
  page('/console/case/{case}/extend', 'console-extend-error', 'reviewer', async (page) => {
    await openCase(page);
    await page.getByRole('link', { name: 'Take more time' }).click();
    await page.getByLabel('Reasons').fill(' ');
    await page.getByRole('button', { name: 'Preview the letter' }).click();
    await page.getByRole('alert').waitFor();
  }),
  page('/console/case/{case}/refuse', 'console-refuse', 'reviewer', async (page) => {
    await openCase(page);
    await page.getByRole('link', { name: 'Refuse' }).click();
    await page.getByLabel(/^Compelling grounds/).waitFor();
  }),
  page('/console/bulk', 'console-bulk', 'reviewer', async (page) => {
    await page.goto('/console');
    await page.getByRole('button', { name: /^Approve all/ }).click();
    await page.getByRole('button', { name: /^Approve \d+ case/ }).waitFor();
  }),
  page('/console/mails', 'console-mails', 'reviewer', (page) => page.goto('/console/mails')),
  page('/console/record', 'console-record', 'reviewer', (page) => page.goto('/console/record')),
  page('/console/training-sets', 'console-training-sets', 'reviewer', (page) => page.goto('/console/training-sets')),
  page('/console', 'console-queue-auditor', 'auditor', (page) => page.goto('/console')),
  page('/console/case/{case}', 'console-case-auditor', 'auditor', openCase),
  // Last of all: it leaves no case open.
  page('/console/bulk/{job}', 'console-bulk-progress', 'reviewer at the end', async (page) => {
    await page.goto('/console');
    await page.getByRole('checkbox').first().check();
    await page.getByRole('button', { name: 'Approve those ticked' }).click();
    await page.getByRole('button', { name: /^Approve \d+ case/ }).click();
    await page.waitForURL('**/console/bulk/*');
  }),
];

/** The page of the most pressing case of somebody with an account. */
async function openCase(page) {
  await page.goto('/console');
  await page.getByRole('row').filter({ hasNotText: 'no account' }).getByRole('link').first().click();
  await page.getByRole('heading', { name: 'History' }).waitFor();
}

function page(route, name, who, open) {
  return { route, name, who, open };
}

/** Somebody new each time: an address has a limit of codes. */
let strangers = 0;
async function noAccountForm(page, world) {
  const email = `stranger${++strangers}@elsewhere.example`;
  await page.goto('/privacy/no-account');
  await page.getByLabel(words('form-email-label')).fill(email);
  await submit(page, 'form-email-button');
  await page.getByLabel(words('form-code-label')).fill(await code(world, email, 0, 'en'));
  await submit(page, 'action-continue');
  await page.getByRole('radio').first().waitFor();
}
