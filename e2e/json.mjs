// Reads JSON without losing what was sent, and numbers without a double.

// readJSON reads valid JSON. A number is a symbol, whose description is its text:
// JavaScript's own would lose digits.
export function readJSON(text) {
  const tokens = text.match(/"(?:[^"\\]|\\.)*"|[-0-9][-+.0-9eE]*|true|false|null|[[\]{}:,]/gs);
  let at = 0;
  const members = (close, member) => {
    for (at++; tokens[at] !== close;) {
      member();
      if (tokens[at] === ',') at++;
    }
    at++;
  };
  const value = () => {
    const token = tokens[at];
    if (token === '[') {
      const list = [];
      members(']', () => list.push(value()));
      return list;
    }
    if (token === '{') {
      const object = Object.create(null);
      members('}', () => {
        const name = JSON.parse(tokens[at]);
        at += 2;
        object[name] = value();
      });
      return object;
    }
    at++;
    return /^[-0-9]/.test(token) ? Symbol(token) : JSON.parse(token);
  };
  return value();
}

// exact is a number as its text has it: its digits without zeros at the end, and the
// power of ten that they are of. Zero has no digits.
export function exact(text) {
  const [, sign, whole, fraction = '', exponent = '0'] = /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([-+]?\d+))?$/.exec(text);
  const all = (whole + fraction).replace(/^0+/, '');
  const digits = all.replace(/0+$/, '');
  const power = Number(exponent) - fraction.length + all.length - digits.length;
  return {
    isInteger: () => digits === '' || power >= 0,
    places: () => (digits === '' ? 0 : Math.max(0, -power)),
    // compared with limit, an integer below 10^30, as a text without sign
    isPast(limit) {
      if (digits === '' || digits.length + power < 0) return false;
      if (digits.length + power > 30) return true;
      const scale = 30n;
      const size = BigInt(digits) * 10n ** (scale + BigInt(Math.max(power, -30)));
      return size > BigInt(limit) * 10n ** scale;
    },
    number: () => Number(`${sign}${digits || '0'}e${power}`),
  };
}
