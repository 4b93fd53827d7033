// After everything else: what the server said of it names nobody.

import assert from 'node:assert/strict';
import { links } from '../harness/mail.mjs';

export default async function log(world) {
  const { said } = world.server;
  assert.ok(said.includes('/o/{token}'), 'the log tells which addresses were asked for');
  const secrets = new Set();
  for (const mail of world.mail.mails) {
    secrets.add(mail.to);
    for (const code of mail.subject.match(/\d{6,}/g) ?? []) secrets.add(code);
    for (const link of links(mail, world.url)) {
      const token = new URL(link).pathname.split('/')[2];
      if (token?.length > 40) secrets.add(token);
    }
  }
  for (const { account_id, email } of world.platform.everybody) {
    secrets.add(String(account_id));
    if (email) secrets.add(email);
  }
  assert.ok(secrets.size > world.platform.everybody.length);
  assert.deepEqual([...secrets].filter((secret) => said.includes(secret)), []);
}
