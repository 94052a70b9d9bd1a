// urql's normalised cache pages through real data, and has one list of it.
import assert from 'node:assert/strict';
import { Client, fetchExchange, gql } from '@urql/core';
import { cacheExchange } from '@urql/exchange-graphcache';
import { relayPagination } from '@urql/exchange-graphcache/extras';
import { buildSchema, introspectionFromSchema } from 'graphql';
import { readSchema, token, url } from './server.mjs';

const warnings = [];
const client = new Client({
  url: `${url}/graphql`,
  preferGetMethod: false,
  fetchOptions: { headers: { authorization: `Bearer ${token}` } },
  exchanges: [cacheExchange({
    schema: introspectionFromSchema(buildSchema(await readSchema())),
    resolvers: { Query: { usageProductInventories: relayPagination() } },
    keys: { Address: () => null },
    logger: (severity, message) => { if (severity !== 'debug') warnings.push(`${severity}: ${message}`); },
  }), fetchExchange],
});
const query = gql`
  query Inventories($after: String) {
    usageProductInventories(first: 40, after: $after) {
      totalCount
      pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
      edges { cursor node { id serviceId site { id name address { town } } } }
    }
  }
`;
let list;
let pages = 0;
for (let after = null; pages === 0 || list.pageInfo.hasNextPage; pages++, after = list.pageInfo.endCursor) {
  const { data, error } = await client.query(query, { after }).toPromise();
  assert.ifError(error);
  list = data.usageProductInventories;
}
assert.equal(list.edges.length, list.totalCount);
assert.equal(new Set(list.edges.map(({ node }) => node.id)).size, list.totalCount);
assert.deepEqual(warnings, []);
console.log(`${list.edges.length} inventories of ${list.totalCount} in ${pages} pages`);
