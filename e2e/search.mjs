// The search of the reference finds what a reader types: the index is the server's, and
// the ranking is that of the page.
import assert from 'node:assert/strict';
import { find } from '../graph/playground/assets/search.js';
import { url } from './server.mjs';

const index = await (await fetch(`${url}/docs/search.json`)).json();

// Each entry is among the first that its own name finds, with the name of what it is in.
for (const entry of index) {
  const best = find(index, `${entry.place ?? ''} ${entry.title}`).slice(0, 10);
  assert.ok(best.includes(entry), `${entry.kind} ${entry.place} ${entry.title} is not among ${best.map(({ address }) => address).join(', ')}`);
}

for (const [typed, address] of [
  ['customer', '/docs/types/Customer'],
  ['Customer', '/docs/types/Customer'],
  ['lowBalances', '/docs/types/Query#lowBalances'],
  ['low balances', '/docs/types/Query#lowBalances'],
  ['Query.customers', '/docs/types/Query#customers'],
  ['balances includearchived', '/docs/types/Customer#balances.includeArchived'],
  ['rate limits', '/docs#rate-limits'],
  ['pagination', '/docs#pagination'],
  ['authentication', '/docs#authentication'],
  ['api tokens', '/docs/guides/tokens#api-tokens'],
  ['CURSOR_ORDER_MISMATCH', '/docs/types/ErrorCode#CURSOR_ORDER_MISMATCH'],
  ['jwks', '/docs/guides/tokens#jwts'],
]) {
  const best = find(index, typed).slice(0, 5).map((each) => each.address);
  assert.ok(best.includes(address), `${typed} finds ${best.join(', ')}`);
}
assert.deepEqual(find(index, ''), []);
assert.deepEqual(find(index, ' . '), []);
assert.deepEqual(find(index, 'customer xyzzy'), []);
console.log(`${index.length} entries are found`);
