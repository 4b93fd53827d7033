// A small platform in a folder: its account facts, and how the tests run it.

import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { asyncBufferFromFile, parquetReadObjects } from 'hyparquet';
import { compressors } from 'hyparquet-compressors';
import { run } from './processes.mjs';
import { SECRETS } from './provider.mjs';

export const PURPOSE = 'assistant-training';

export class Platform {
  /** Makes the demo's platform anew, with nobody told and nobody having objected. */
  static async make(demur, folder) {
    await rm(folder, { recursive: true, force: true });
    await run(demur, ['demo', folder, '--accounts', '200', '--records', '1000']);
    const register = ['demur.db', 'demur.db-wal', 'demur.db-shm', 'demur.key'];
    await Promise.all(register.map((name) => rm(join(folder, name), { force: true })));
    const platform = new Platform();
    Object.assign(platform, { demur, folder, config: join(folder, 'demur.toml') });
    const file = await asyncBufferFromFile(join(folder, 'accounts.parquet'));
    platform.everybody = await parquetReadObjects({ file, compressors });
    platform.accounts = [...platform.everybody];
    return platform;
  }

  /** Says how people are reached: the demo's configuration, with servers of the tests. */
  async configure({ url, mail, issuer }) {
    const replace = (text, from, to) => {
      if (!text.includes(from)) throw new Error(`the demo's demur.toml has no \`${from}\``);
      return text.replace(from, to);
    };
    let text = await readFile(this.config, 'utf8');
    text = replace(text, 'url = "http://127.0.0.1:8080"', `url = "${url}"`);
    text = replace(text, 'review = "automatic"', 'review = "manual"');
    text = text.replace(/^starts_on = \S+/m, `starts_on = ${day(90)}`);
    text = text.replace(/^object_by = \S+/m, `object_by = ${day(60)}`);
    text = replace(text, '\n# server =', `\nserver = "${mail}"\nencryption = "none"\nper_second = 1000\n# server =`);
    const provider = (table, client, secret, rest) => `
[${table}]
issuer = "${issuer}"
client_id = "${client}"
client_secret_file = "${secret}"
${rest}
`;
    text += provider('sign_in', 'people', 'people.secret', 'account_claim = "sub"');
    text += provider(
      'staff_sign_in',
      'staff',
      'staff.secret',
      'scopes = ["profile", "groups"]\nreviewers = "demur-reviewers"\nauditors = "demur-auditors"',
    );
    await writeFile(this.config, text);
    await writeFile(join(this.folder, 'people.secret'), `${SECRETS.people}\n`);
    await writeFile(join(this.folder, 'staff.secret'), `${SECRETS.staff}\n`);
  }

  /** Runs `demur` on it. */
  run(...args) {
    return run(this.demur, ['--config', this.config, ...args]);
  }

  /** The same with `--json`, read. */
  async json(...args) {
    return JSON.parse(await this.run('--json', ...args));
  }

  /** Somebody of whom the facts say this, and whom nobody was given before. */
  someone(wanted) {
    const at = this.accounts.findIndex((facts) => wanted(facts) && this.#isAlone(facts));
    if (at < 0) throw new Error('the platform has nobody left like that');
    const [facts] = this.accounts.splice(at, 1);
    return { id: String(facts.account_id), email: facts.email, locale: facts.locale, facts };
  }

  /** One person with one account and an address of their own, who is affected by the purpose. */
  #isAlone({ person_id, email, region, status, birth_date }) {
    return (
      email &&
      person_id === null &&
      this.accounts.filter((other) => other.email === email).length === 1 &&
      ['active', 'deactivated'].includes(status) &&
      EU.has(region) &&
      birth_date < new Date('2000-01-01')
    );
  }
}

const EU = new Set(
  'AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK'.split(' '),
);

/** The day so many days from today. */
function day(from_now) {
  return new Date(Date.now() + from_now * 86_400_000).toISOString().slice(0, 10);
}
