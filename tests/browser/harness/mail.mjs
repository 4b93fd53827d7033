// A real mail server, which keeps what it receives.

import { simpleParser } from 'mailparser';
import { SMTPServer } from 'smtp-server';

/** How long a mail that was sent may take to arrive. */
const PATIENCE = 30_000;

export class MailServer {
  /** Everything received, oldest first: { to, subject, text, html, headers, raw }. */
  mails = [];
  #waiting = new Set();

  static async start() {
    const mail = new MailServer();
    mail.server = new SMTPServer({
      disabledCommands: ['AUTH', 'STARTTLS'],
      logger: false,
      onData: (stream, session, done) => {
        const to = session.envelope.rcptTo.map(({ address }) => address);
        mail.#receive(stream, to).then(() => done(), done);
      },
    });
    await new Promise((resolve, reject) => {
      mail.server.on('error', reject);
      mail.server.listen(0, '127.0.0.1', resolve);
    });
    mail.address = `127.0.0.1:${mail.server.server.address().port}`;
    return mail;
  }

  async #receive(stream, to) {
    const chunks = [];
    for await (const chunk of stream) chunks.push(chunk);
    const raw = Buffer.concat(chunks);
    const { subject, text, html, headers, from, messageId } = await simpleParser(raw);
    this.mails.push({ to: to[0], from: from.text, subject, text, html, headers, messageId, raw: `${raw}` });
    this.#waiting.forEach((look) => look());
  }

  /** Every mail to somebody that has this in its subject. */
  all(to, subject = '') {
    return this.mails.filter((mail) => mail.to === to && mail.subject.includes(subject));
  }

  /** The mail to somebody after the first `skip` with this in their subject, as soon as it is here. */
  next(to, subject, skip = 0) {
    return new Promise((resolve, reject) => {
      const late = setTimeout(() => {
        this.#waiting.delete(look);
        const here = this.mails.map((mail) => mail.subject);
        reject(new Error(`no mail "${subject}" came within ${PATIENCE} ms; here are: ${here}`));
      }, PATIENCE);
      const look = () => {
        const mail = this.all(to, subject)[skip];
        if (!mail) return;
        clearTimeout(late);
        this.#waiting.delete(look);
        resolve(mail);
      };
      this.#waiting.add(look);
      look();
    });
  }

  stop() {
    return new Promise((resolve) => this.server.close(resolve));
  }
}

/** The addresses of the site that a mail's text names, in their order. */
export function links(mail, url) {
  const found = mail.text.match(/https?:\/\/[^\s<>"\])]+/g) ?? [];
  return found.filter((link) => link.startsWith(url));
}
