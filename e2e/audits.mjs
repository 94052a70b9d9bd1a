// Runs the audits of the GraphQL-over-HTTP specification against URL, with TOKEN.
import { serverAudits } from 'graphql-http';

const { URL: url, TOKEN: token } = process.env;
const audits = serverAudits({
  url,
  fetchFn: (input, init = {}) => fetch(input, { ...init, headers: { ...init.headers, authorization: `Bearer ${token}` } }),
});
let failed = 0;
for (const { id, name, fn } of audits) {
  const { status, reason } = await fn();
  if (status !== 'ok') {
    failed++;
    console.log(`${status}: ${id} ${name}: ${reason}`);
  }
}
console.log(`${audits.length - failed} of ${audits.length} audits pass`);
process.exit(failed > 0 || audits.length === 0 ? 1 : 0);
