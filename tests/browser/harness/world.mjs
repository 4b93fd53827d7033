// The whole of it: platform, mail server, provider, `demur serve` and a browser.

import { writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { MailServer } from './mail.mjs';
import { Platform, PURPOSE } from './platform.mjs';
import { Service } from './processes.mjs';
import { SignIn } from './provider.mjs';
import { Visit } from './visit.mjs';

const { DEMUR, CHROMIUM, FOLDER } = process.env;

export class World {
  async start() {
    for (const [name, value] of Object.entries({ DEMUR, CHROMIUM, FOLDER })) {
      if (!value) throw new Error(`${name} is not set; run \`cargo xtask test browser\``);
    }
    this.screenshots = join(FOLDER, 'screenshots');
    this.mail = await MailServer.start();
    this.provider = await SignIn.start();
    this.platform = await Platform.make(DEMUR, join(FOLDER, 'platform'));
    await this.#serve();
    this.browser = await chromium.launch({
      executablePath: CHROMIUM,
      // Nothing that a browser does by itself, and no sandbox, which containers do not allow.
      args: ['--no-sandbox', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
    });
  }

  /** Mails carry the site's address, so its port is chosen before it starts. */
  async #serve() {
    const port = await freePort();
    this.url = `http://127.0.0.1:${port}`;
    const { issuer } = this.provider;
    await this.platform.configure({ url: this.url, mail: this.mail.address, issuer });
    this.provider.serve(this.url);
    const listening = (line) => line.match(/^Listening on (http:\/\/\S+)/)?.[1];
    const args = ['--config', this.platform.config, 'serve', '--listen', `127.0.0.1:${port}`];
    this.server = await Service.start(DEMUR, args, listening);
  }

  /** Writes to everybody who was not told, and says what came to somebody. */
  async notice(person) {
    if (!this.mail.all(person.email).length) await this.platform.run('notice', 'send', PURPOSE);
    return this.mail.next(person.email, '');
  }

  /** Lets somebody visit the site; fails afterwards if anything was wrong with what they saw. */
  async visit(options, visitor) {
    const visit = await Visit.begin(this, options);
    try {
      await visitor(visit.page, visit);
      visit.expectNothingWrong();
    } finally {
      await visit.end();
    }
  }

  async stop() {
    await this.browser?.close();
    await this.server?.stop();
    if (this.server) await writeFile(join(FOLDER, 'server.log'), this.server.said);
    await this.provider?.stop();
    await this.mail?.stop();
  }
}

async function freePort() {
  const server = createServer();
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address();
  await new Promise((resolve) => server.close(resolve));
  return port;
}
