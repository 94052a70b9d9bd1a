// relay-compiler takes the schema and the fragments of relay/, and what it makes of
// them pages through all customers, and through the sites of one.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import compiler from 'relay-compiler';
import { ask, readSchema } from './server.mjs';

const folder = mkdtempSync(join(tmpdir(), 'relay-'));
try {
  mkdirSync(join(folder, 'made'));
  cpSync('relay', join(folder, 'source'), { recursive: true });
  writeFileSync(join(folder, 'schema.graphql'), await readSchema());
  writeFileSync(join(folder, 'relay.config.json'), JSON.stringify({
    src: './source', schema: './schema.graphql', language: 'javascript', artifactDirectory: './made', eagerEsModules: false,
  }));
  console.log(execFileSync(compiler, ['relay.config.json'], { cwd: folder, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] }).trim().split('\n').pop());
  const text = (name) => JSON.parse(/"text": ("(?:[^"\\]|\\.)*")/.exec(readFileSync(join(folder, 'made', `${name}.graphql.js`), 'utf8'))[1]);

  let { customers } = await ask(text('CustomersQuery'), { first: 10 });
  const { totalCount } = customers;
  const seen = customers.edges.map(({ node }) => node.id);
  while (customers.pageInfo.hasNextPage) {
    ({ customers } = await ask(text('CustomersPageQuery'), { first: 10, after: customers.pageInfo.endCursor }));
    seen.push(...customers.edges.map(({ node }) => node.id));
  }
  assert.equal(new Set(seen).size, totalCount);
  assert.equal(seen.length, totalCount);
  console.log(`${seen.length} customers in pages of 10`);

  const { node: start } = await ask(text('CustomerSitesPageQuery'), { id: seen[0], first: 2 });
  const { node: rest } = await ask(text('CustomerSitesPageQuery'), { id: seen[0], first: 2, after: start.sites.pageInfo.endCursor });
  const names = [...start.sites.edges, ...rest.sites.edges].map(({ node }) => node.name);
  assert.deepEqual([names.length, new Set(names).size, rest.sites.pageInfo.hasNextPage], [3, 3, false]);
  console.log(`sites of ${seen[0]} by its ID: ${names.join(', ')}`);
} finally {
  rmSync(folder, { recursive: true });
}
