// Apollo Client pages forward through real data, and its cache has one list of it.
import assert from 'node:assert/strict';
import { ApolloClient, HttpLink, InMemoryCache, gql } from '@apollo/client';
import { relayStylePagination } from '@apollo/client/utilities';
import { token, url } from './server.mjs';

const client = new ApolloClient({
  link: new HttpLink({ uri: `${url}/graphql`, headers: { authorization: `Bearer ${token}` } }),
  cache: new InMemoryCache({ typePolicies: { Query: { fields: { sites: relayStylePagination(['filter', 'orderBy']) } } } }),
});
const query = gql`
  query Sites($after: String) {
    sites(first: 20, after: $after, orderBy: [{ field: NAME }]) {
      totalCount
      pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
      edges { cursor node { id name customer { id name } } }
    }
  }
`;
const observed = client.watchQuery({ query });
const subscription = observed.subscribe(() => {});
let pages = 0;
for (let after = null, more = true; more; pages++) {
  const { data } = await observed.fetchMore({ variables: { after } });
  ({ hasNextPage: more, endCursor: after } = data.sites.pageInfo);
}
const { sites } = client.readQuery({ query });
const names = sites.edges.map(({ node }) => node.name);
assert.equal(new Set(sites.edges.map(({ node }) => node.id)).size, sites.totalCount);
assert.equal(sites.edges.length, sites.totalCount);
assert.deepEqual(names, [...names].sort());
assert.deepEqual([sites.pageInfo.hasNextPage, sites.edges[0].node.__typename], [false, 'Site']);
subscription.unsubscribe();
client.stop();
console.log(`${sites.edges.length} sites of ${sites.totalCount} in ${pages} pages`);
