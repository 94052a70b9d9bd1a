// Serves demo data with the binary, and runs each suite against it: all of them, or
// those that the command line names. A suite gets URL and TOKEN.
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const suites = ['assets', 'answer', 'search', 'lint', 'breaking', 'relay', 'apollo', 'urql', 'codegen', 'browser'];
const chosen = process.argv.length > 2 ? process.argv.slice(2) : suites;

const folder = mkdtempSync(join(tmpdir(), 'usagegraph-'));
const server = spawn('../usagegraph', ['serve', '--demo', '--listen', '127.0.0.1:0', '--database', `sqlite:${join(folder, 'demo.db')}`],
  { stdio: ['ignore', 'pipe', 'ignore'] });

// printed resolves to what the server prints before it serves.
const printed = new Promise((resolve, reject) => {
  let text = '';
  server.on('error', reject);
  server.on('exit', (code) => reject(new Error(`the server ended with ${code} after: ${text}`)));
  server.stdout.on('data', (part) => {
    text += part;
    if (text.includes('curl')) resolve(text);
  });
});

async function run() {
  const text = await printed;
  const env = { ...process.env, URL: /Playground: (\S+)\//.exec(text)[1], TOKEN: /Token: (\S+)/.exec(text)[1] };
  const failed = [];
  for (const suite of chosen) {
    console.log(`== ${suite}`);
    if (spawnSync(process.execPath, [`${suite}.mjs`], { env, stdio: 'inherit' }).status !== 0) failed.push(suite);
  }
  console.log(failed.length > 0 ? `failed: ${failed.join(', ')}` : `${chosen.length} suites pass`);
  return failed.length > 0 ? 1 : 0;
}

let status = 1;
try {
  status = await run();
} finally {
  server.removeAllListeners('exit');
  const ended = new Promise((resolve) => { server.on('exit', resolve); });
  if (server.exitCode === null && server.kill()) await ended;
  rmSync(folder, { recursive: true });
  process.exitCode = status;
}
