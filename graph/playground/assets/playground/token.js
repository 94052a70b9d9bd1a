// The token: in its box, and where the user says so in the session of this browser tab, which
// a reload keeps. It goes nowhere else.

const element = (id) => document.getElementById(id);
const name = 'usagegraph:token';
const places = {
  true: 'Kept in this browser tab until it is closed (session storage).',
  false: 'Kept in this box alone: a reload forgets it.',
};

export const token = () => element('token').value.trim();

function keep() {
  const wanted = element('keep').checked;
  if (wanted) sessionStorage.setItem(name, token());
  else sessionStorage.removeItem(name);
  element('kept').textContent = places[wanted];
}

function show({ target }) {
  const shown = target.getAttribute('aria-pressed') !== 'true';
  target.setAttribute('aria-pressed', shown);
  element('token').type = shown ? 'text' : 'password';
}

// startToken fills the box with the token that is kept, if there is one, and watches it. changed
// is called when there is another token.
export function startToken(changed) {
  const kept = sessionStorage.getItem(name);
  element('keep').checked = kept !== null;
  if (kept) element('token').value = kept;
  keep();
  element('show').addEventListener('click', show);
  element('keep').addEventListener('change', keep);
  element('token').addEventListener('input', () => { keep(); changed(); });
}
