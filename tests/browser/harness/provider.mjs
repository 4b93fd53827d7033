// A real provider of OpenID Connect, where anybody signs in by typing who they are.

import http from 'node:http';
import Provider from 'oidc-provider';

/** Secrets between the provider and the site. */
export const SECRETS = { people: 'the-people-of-the-platform', staff: 'the-staff-of-the-platform' };

/** Who has which name and groups there; others have neither. */
const STAFF = {
  ada: { name: 'Ada Reviewer', groups: ['everybody', 'demur-reviewers'] },
  otto: { name: 'Otto Auditor', groups: ['demur-auditors'] },
  nils: { name: 'Nils Neither', groups: ['everybody'] },
};

export class SignIn {
  static async start() {
    const signIn = new SignIn();
    signIn.server = http.createServer((request, response) => signIn.#answer(request, response));
    await new Promise((resolve) => signIn.server.listen(0, '127.0.0.1', resolve));
    signIn.issuer = `http://127.0.0.1:${signIn.server.address().port}`;
    return signIn;
  }

  /** Lets the site at this address be its client. */
  serve(url) {
    const client = (client_id, client_secret, path) => ({
      client_id,
      client_secret,
      redirect_uris: [`${url}${path}`],
      response_types: ['code'],
      grant_types: ['authorization_code'],
    });
    this.provider = new Provider(this.issuer, {
      clients: [
        client('people', SECRETS.people, '/privacy/sign-in/callback'),
        client('staff', SECRETS.staff, '/console/sign-in/oidc/callback'),
      ],
      claims: { openid: ['sub'], profile: ['name'], groups: ['groups'] },
      scopes: ['openid', 'profile', 'groups'],
      cookies: { keys: ['for these tests'] },
      features: { devInteractions: { enabled: false } },
      interactions: { url: (_, interaction) => `/interaction/${interaction.uid}` },
      findAccount: (_, accountId) => ({
        accountId,
        claims: () => ({ sub: accountId, ...STAFF[accountId] }),
      }),
      loadExistingGrant,
    });
  }

  async #answer(request, response) {
    if (!this.provider) return response.writeHead(503).end();
    if (!request.url.startsWith('/interaction/')) return this.provider.callback()(request, response);
    if (request.method === 'GET') return response.writeHead(200, HTML).end(PAGE);
    const sent = new URLSearchParams(await body(request));
    const result = sent.has('cancel')
      ? { error: 'access_denied', error_description: 'cancelled' }
      : { login: { accountId: sent.get('who') } };
    return this.provider.interactionFinished(request, response, result);
  }

  stop() {
    this.server.closeAllConnections();
    return new Promise((resolve) => this.server.close(resolve));
  }
}

/** What a client asks for is granted: nobody is asked whether the site may know who they are. */
async function loadExistingGrant({ oidc }) {
  const grant = new oidc.provider.Grant({
    accountId: oidc.session.accountId,
    clientId: oidc.client.clientId,
  });
  grant.addOIDCScope('openid profile groups');
  await grant.save();
  return grant;
}

const HTML = { 'content-type': 'text/html; charset=utf-8' };
const PAGE = `<!doctype html><html lang="en"><title>Provider</title><link rel="icon" href="data:,">
<form method="post"><label>Who are you? <input name="who"></label>
<button>Sign in at the provider</button> <button name="cancel" value="1">Cancel</button></form></html>`;

async function body(stream) {
  const chunks = [];
  for await (const chunk of stream) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}

/** Signs in at the provider's page, which the browser is on; ends on a page of the site. */
export async function signInAs(page, who, url) {
  await page.getByLabel('Who are you?').fill(who);
  await page.getByRole('button', { name: 'Sign in at the provider' }).click();
  await page.waitForURL((address) => address.href.startsWith(url));
}
