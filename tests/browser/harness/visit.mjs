// One visitor's browser, and everything that is wrong with what it is shown.

import assert from 'node:assert/strict';

export class Visit {
  /** What was wrong so far. */
  wrong = [];

  /** A browser of its own: width and height of its window, language, colours, with scripts or not. */
  static async begin(world, options = {}) {
    const { width = 1280, height = 900, language = 'en', scheme = 'light', scripts = true, also = [] } = options;
    const visit = new Visit();
    visit.world = world;
    visit.origins = [world.url, ...also];
    visit.context = await world.browser.newContext({
      baseURL: world.url,
      viewport: { width, height },
      locale: language,
      colorScheme: scheme,
      javaScriptEnabled: scripts,
    });
    visit.context.setDefaultTimeout(15_000);
    visit.page = await visit.context.newPage();
    visit.#watch(visit.page);
    return visit;
  }

  #watch(page) {
    const refused = new Set();
    page.on('request', (request) => {
      const { origin } = new URL(request.url());
      if (!this.origins.includes(origin)) this.wrong.push(`a request left the site: ${request.url()}`);
    });
    page.on('response', (response) => {
      const status = response.status();
      // Pages that say no have a status that says so, which the browser's console calls an error.
      if (status >= 400 && response.request().isNavigationRequest()) refused.add(response.url());
      else if (status >= 400) this.wrong.push(`${response.url()} answered ${status}`);
      if (status >= 500 && status !== 503) this.wrong.push(`${response.url()} answered ${status}`);
    });
    page.on('console', (message) => {
      if (!['error', 'warning'].includes(message.type())) return;
      if (refused.has(message.location().url)) return;
      this.wrong.push(`the console says: ${message.text()}`);
    });
    page.on('pageerror', (error) => this.wrong.push(`a script failed: ${error}`));
  }

  expectNothingWrong() {
    assert.deepEqual(this.wrong, []);
  }

  end() {
    return this.context.close();
  }
}
