// The site's own words, so that the tests look for what people are really told.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const read = new Map();

function messages(language) {
  if (!read.has(language)) {
    const file = join(process.env.LOCALES, `${language}.ftl`);
    const lines = readFileSync(file, 'utf8').matchAll(/^([a-z][a-z0-9-]*) = (.+)$/gm);
    read.set(language, new Map([...lines].map(([, id, text]) => [id, text])));
  }
  return read.get(language);
}

/** A message in a language, its variables filled in; without them, what stands before the first. */
export function say(language, id, values) {
  const text = messages(language).get(id);
  if (text === undefined) throw new Error(`${language}.ftl has no ${id} on one line`);
  if (!values) return text.split('{')[0].trim();
  return text.replace(/\{ \$(\w+) \}/g, (_, name) => values[name]);
}
