// Programs that the tests start, and that end with them whatever happens.

import { execFile, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { once } from 'node:events';

const running = new Set();

process.on('exit', () => running.forEach((child) => child.kill('SIGKILL')));
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => process.exit(1));

/** Runs a program to its end; what it printed. Fails, with that, where the program fails. */
export function run(program, args, { cwd, env } = {}) {
  return new Promise((resolve, reject) => {
    const options = { cwd, env: { ...process.env, ...env }, maxBuffer: 64 << 20, timeout: 120_000 };
    execFile(program, args, options, (error, stdout, stderr) => {
      if (error) reject(new Error(`${args.join(' ')}: ${error.message}\n${stdout}\n${stderr}`));
      else resolve(stdout);
    });
  });
}

/** A program that goes on until it is stopped. */
export class Service {
  /** Starts it, and waits for the first line on its stdout that `ready` makes something of. */
  static async start(program, args, ready, { cwd, env } = {}) {
    const service = new Service();
    const options = { cwd, env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] };
    const child = (service.child = spawn(program, args, options));
    running.add(child);
    service.said = '';
    child.stderr.on('data', (bytes) => (service.said += bytes));
    service.ended = once(child, 'close').then(([code]) => {
      running.delete(child);
      return code;
    });
    const lines = createInterface({ input: child.stdout });
    const found = new Promise((resolve) => {
      lines.on('line', (line) => {
        service.said += `${line}\n`;
        const value = ready(line);
        if (value) resolve(value);
      });
    });
    const ended = service.ended.then((code) => {
      throw new Error(`${args.join(' ')} ended with ${code}:\n${service.said}`);
    });
    service.ready = await Promise.race([found, ended]);
    // From now on an end is no surprise.
    ended.catch(() => {});
    return service;
  }

  /** Asks it to end, as an operator does, and waits until it has. */
  async stop() {
    this.child.kill('SIGTERM');
    return this.ended;
  }
}
