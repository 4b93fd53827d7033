// Every scenario on one world, one after the other: later ones see what earlier ones left behind.

import { after, before, test } from 'node:test';
import { World } from './harness/world.mjs';
import centre from './scenarios/centre.mjs';
import keyboard from './scenarios/keyboard.mjs';
import log from './scenarios/log.mjs';
import noAccount from './scenarios/no_account.mjs';
import * as pages from './scenarios/pages.mjs';
import * as signIn from './scenarios/sign_in.mjs';
import story from './scenarios/story.mjs';

/** What hangs fails: a page that never answers must not hold up everything after it. */
const TIME = { timeout: 600_000 };

const world = new World();
before(() => world.start(), TIME);
after(() => world.stop(), TIME);

test('a person is told, objects by the link, is reviewed and answered', TIME, () => story(world));
test('the privacy centre works in German on a phone', TIME, () => centre(world));
test('who has no account is heard', TIME, () => noAccount(world));
test('people sign in with their account of the platform', TIME, () => signIn.person(world));
test('staff sign in where they work', TIME, () => signIn.staff(world));
test('the keyboard alone suffices', TIME, () => keyboard(world));
test('the list of pages is complete', TIME, () => pages.complete());
test('every page is fit to be seen', TIME, (test) => pages.looks(world, test));
test('the server\'s log names nobody', TIME, () => log(world));
