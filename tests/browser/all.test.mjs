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

const world = new World();
before(() => world.start());
after(() => world.stop());

test('a person is told, objects by the link, is reviewed and answered', () => story(world));
test('the privacy centre works in German on a phone', () => centre(world));
test('who has no account is heard', () => noAccount(world));
test('people sign in with their account of the platform', () => signIn.person(world));
test('staff sign in where they work', () => signIn.staff(world));
test('the keyboard alone suffices', () => keyboard(world));
test('the list of pages is complete', () => pages.complete());
test('every page is fit to be seen', (test) => pages.looks(world, test));
test('the server\'s log names nobody', () => log(world));
