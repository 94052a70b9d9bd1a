// How a value is written, and how two are ordered.

export const isNumeric = ({ type }) => ['Decimal', 'Int', 'Float'].includes(type);
export const isTime = ({ type }) => ['DateTime', 'Date', 'LocalDateTime'].includes(type);

// moneyOf is the currency that a credit type counts, and the decimals that its amounts leave
// out: USD (cents) is USD and 2. A credit type of a customer's own has none.
export function moneyOf(credit) {
  if (!credit) return null;
  const { name, code, decimals } = credit;
  if (code && Number.isInteger(decimals)) return { code, decimals };
  const [, found, cents] = /^([A-Z]{3})( \(cents\))?$/.exec(name ?? '') ?? [];
  return found ? { code: found, decimals: cents ? 2 : 0 } : null;
}

// shift moves the point of a decimal number to the left. It is exact.
export function shift(text, places) {
  const [, sign, whole, fraction = ''] = /^(-?)(\d+)(?:\.(\d+))?$/.exec(text);
  const digits = whole.padStart(places + 1, '0');
  const moved = digits.slice(digits.length - places) + fraction;
  return sign + digits.slice(0, digits.length - places) + (moved ? `.${moved}` : '');
}

const isDecimal = (value) => /^-?\d+(\.\d+)?$/.test(value);
const formats = new Map();

function money(value, { code, decimals }) {
  try {
    if (!formats.has(code)) formats.set(code, new Intl.NumberFormat('en-US', { style: 'currency', currency: code, maximumFractionDigits: 10 }));
    return formats.get(code).format(shift(value, decimals));
  } catch {
    return null; // a code that is no currency
  }
}

// written returns the text of a value, and a title where the text is not what the answer has.
export function written(value, { type }, { credit = null, zone = 'UTC', raw = false } = {}) {
  if (value === null || value === undefined) return { text: '' };
  if (Array.isArray(value)) return { text: value.map((each) => written(each, { type }, { zone, raw }).text).join(', ') };
  const plain = typeof value === 'object' ? JSON.stringify(value) : String(value);
  if (raw) return { text: plain };
  const coin = type === 'Decimal' && isDecimal(plain) ? moneyOf(credit) : null;
  const text = coin ? money(plain, coin) : type === 'DateTime' ? instant(plain, zone) : null;
  return text === null || text === plain ? { text: plain } : { text, title: coin ? `${plain} ${credit.name ?? coin.code}` : plain };
}

// instant writes an instant in a zone, to the second where it has no smaller part.
export function instant(text, zone) {
  const date = new Date(text);
  if (Number.isNaN(date.getTime())) return null;
  const fraction = /\.(\d*[1-9])0*Z$/.exec(text)?.[1];
  const smaller = fraction ? `.${fraction}` : '';
  if (zone === 'UTC') return `${text.slice(0, 10)} ${text.slice(11, 19)}${smaller}Z`;
  const key = `zone ${zone}`;
  if (!formats.has(key)) {
    formats.set(key, new Intl.DateTimeFormat('en-CA', { timeZone: zone, hourCycle: 'h23', year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit', second: '2-digit', timeZoneName: 'longOffset' }));
  }
  const parts = Object.fromEntries(formats.get(key).formatToParts(date).map(({ type, value }) => [type, value]));
  const offset = parts.timeZoneName.replace('GMT', '') || '+00:00';
  return `${parts.year}-${parts.month}-${parts.day} ${parts.hour}:${parts.minute}:${parts.second}${smaller}${offset}`;
}

// size is what a number is ordered by: exact for decimals, and money in its currency's units.
function size(value, credit) {
  if (typeof value === 'number' || !isDecimal(value)) return typeof value === 'number' && !Number.isSafeInteger(value) ? value : scaled(String(value), 0);
  return scaled(value, moneyOf(credit)?.decimals ?? 0);
}

function scaled(text, decimals) {
  if (!isDecimal(text)) return Number(text);
  const [whole, fraction = ''] = shift(text, decimals).split('.');
  return BigInt(`${whole}${fraction.padEnd(12, '0').slice(0, 12)}`);
}

// compare orders two values of a column. Nothing comes last, whichever way it goes.
export function compare(a, b, column, descending, creditA, creditB) {
  const [noA, noB] = [a === null || a === undefined, b === null || b === undefined];
  if (noA || noB) return noA - noB;
  const [x, y] = isNumeric(column) ? pair(size(a, creditA), size(b, creditB)) : [String(a), String(b)];
  const order = isNumeric(column) || isTime(column) ? (x > y) - (x < y) : x.localeCompare(y, 'en', { numeric: true });
  return descending ? -order : order;
}

// pair brings a decimal and a float to one scale.
const pair = (x, y) => (typeof x === typeof y ? [x, y] : [Number(x) / (typeof x === 'bigint' ? 1e12 : 1), Number(y) / (typeof y === 'bigint' ? 1e12 : 1)]);
