// What a Relay app would have: a list that pages at the root, one that pages in an
// object, and a fragment that refetches an object by its ID.
import { graphql } from 'relay-runtime';

export const query = graphql`
  query CustomersQuery($first: Int!, $after: String) {
    ...Customers_list @arguments(first: $first, after: $after)
  }
`;

export const list = graphql`
  fragment Customers_list on Query
  @argumentDefinitions(first: { type: "Int", defaultValue: 10 }, after: { type: "String" })
  @refetchable(queryName: "CustomersPageQuery") {
    customers(first: $first, after: $after) @connection(key: "Customers_customers") {
      totalCount
      edges {
        node {
          id
          ...Customers_customer
        }
      }
    }
  }
`;

export const customer = graphql`
  fragment Customers_customer on Customer
  @argumentDefinitions(first: { type: "Int", defaultValue: 2 }, after: { type: "String" })
  @refetchable(queryName: "CustomerSitesPageQuery") {
    name
    sites(first: $first, after: $after) @connection(key: "Customer_sites") {
      edges {
        node {
          name
          address {
            town
          }
        }
      }
    }
  }
`;
