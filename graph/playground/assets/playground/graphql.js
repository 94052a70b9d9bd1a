// GraphQL's own functions (parse, visit, print, validate), which GraphiQL brings along.
export const { GraphQL: graphql } = globalThis.GraphiQL;
