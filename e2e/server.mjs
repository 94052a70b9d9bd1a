// How suites reach the server that run.mjs started.
export const { URL: url, TOKEN: token } = process.env;

// ask sends a query and returns its data; an error is one of the suite.
export async function ask(query, variables, operationName) {
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
    body: JSON.stringify({ query, variables, operationName }),
  });
  const { data, errors } = await response.json();
  if (errors) throw new Error(JSON.stringify(errors));
  return data;
}

// readSchema is the schema as it is served.
export async function readSchema() {
  return (await fetch(`${url}/schema.graphql`)).text();
}
