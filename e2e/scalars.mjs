// What the schema's own scalars take, as the documentation has it: written from that, and
// not from the server's code.
import { exact } from './json.mjs';

const isNumber = (text) => /^-?(0|[1-9]\d*)(\.\d+)?([eE][-+]?\d+)?$/.test(text);

// isDecimal: at most six decimal places, trailing zeros left out, and at most 9.2e12.
function isDecimal(text) {
  const number = exact(text);
  return number.places() <= 6 && !number.isPast('9200000000000');
}

function isDate(text) {
  const [, year, month, day] = /^(\d{4})-(\d\d)-(\d\d)$/.exec(text) ?? [];
  const days = [31, year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
  return Number(year) >= 1 && day >= 1 && day <= days[month - 1];
}

// isTime: a time of day to the second, perhaps with a fraction of it.
const isTime = (text) => /^([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d+)?$/.test(text);

// isInstant: RFC 3339 with an offset of two digits everywhere and ±23:59 at most, or a day.
function isInstant(text) {
  const [, day, time, offset] = /^(\d{4}-\d\d-\d\d)[Tt](.*?)([Zz]|[-+]\d\d:\d\d)$/.exec(text) ?? [];
  return isDate(text) || day !== undefined && isDate(day) && isTime(time) && (/^[Zz]$/.test(offset) || isTime(`${offset.slice(1)}:00`));
}

// Milliseconds since 1970 of the years 1 to 9999.
function isMillis(text) {
  const number = exact(text);
  return number.isInteger() && number.number() >= -62135596800000 && number.number() <= 253402300799999;
}

export const customScalars = {
  Decimal: { text: (text) => isNumber(text) && isDecimal(text), number: isDecimal },
  Date: { text: isDate },
  DateTime: { text: isInstant, number: isMillis },
};
