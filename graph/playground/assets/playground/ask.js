// How the playground asks the server that the page came from.
import { token } from './token.js';

// ask posts an operation and returns the answer, with its status. headers are those of the
// headers editor, which may name another token.
export async function ask(parameters, { headers = {}, signal } = {}) {
  const named = Object.keys(headers).some((name) => name.toLowerCase() === 'authorization');
  const bearer = token();
  const response = await fetch('/graphql', {
    method: 'POST',
    credentials: 'omit',
    signal,
    headers: { 'Content-Type': 'application/json', Accept: 'application/json', ...(bearer && !named && { Authorization: `Bearer ${bearer}` }), ...headers },
    body: JSON.stringify(parameters),
  });
  const answer = await response.json();
  return { answer, status: response.status, retryAfter: Number(response.headers.get('Retry-After')), trouble: trouble(response.status, bearer || named) };
}

function trouble(status, hasToken) {
  if (status === 401 && !hasToken) return 'The server wants a token. Make one with: usagegraph token create --name me --all-customers';
  if (status === 401) return 'The server does not take this token: it may be wrong, expired or revoked.';
  return status === 429 ? 'That was too much at once. Wait a little and ask again.' : '';
}

// askPatiently asks, and waits where the server says that it was too much at once. It returns the
// answer alone.
export async function askPatiently(parameters, options) {
  for (let tries = 0; ; tries++) {
    const { answer, status, retryAfter } = await ask(parameters, options);
    if (status !== 429 || tries === 5) return answer;
    await pause((retryAfter || 2 ** tries) * 1000, options.signal);
  }
}

function pause(milliseconds, signal) {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, milliseconds);
    signal?.addEventListener('abort', () => { clearTimeout(timer); reject(signal.reason); });
  });
}

let refused = '';

// costOf asks what an operation would cost, without running it. It does so with no token that the
// server has refused.
export async function costOf(parameters, options) {
  if (!token() || token() === refused) return null;
  const { answer, status } = await ask(parameters, { ...options, headers: { ...options.headers, 'X-GraphQL-Cost': 'only' } });
  if (status === 401) refused = token();
  return answer.extensions?.cost ?? null;
}
