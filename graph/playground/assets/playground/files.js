// A table as text, for files and for the clipboard.

// csv writes lines of cells as RFC 4180 says, the first being the header.
export const csv = (lines) => lines.map((cells) => `${cells.map((cell) => quoted(safe(cell))).join(',')}\r\n`).join('');

// tsv writes lines of cells for a spreadsheet to paste, which has no way to quote.
export const tsv = (lines) => lines.map((cells) => cells.map((cell) => safe(cell.replace(/[\t\r\n]+/g, ' '))).join('\t')).join('\n');

const quoted = (text) => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);

// safe puts an apostrophe before a text that a spreadsheet would take for a formula. A number or
// an amount below 0 is none.
const safe = (text) => (/^[=+\-@\t\r\n]/.test(text) && !/^-\p{Sc}?\d[\d,]*(\.\d+)?$/u.test(text) ? `'${text}` : text);

// fileName is the operation's, or that of its first field.
export const fileName = ({ operation, fields }) => `${operation.name?.value ?? fields[0]?.key ?? 'answer'}.csv`;

// download has the browser save a text as a file.
export function download(name, text) {
  const address = URL.createObjectURL(new Blob([text], { type: 'text/csv;charset=utf-8' }));
  Object.assign(document.createElement('a'), { href: address, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}

// copy puts a text on the clipboard, also on a page that is neither https nor of this machine,
// where browsers have no clipboard.
export async function copy(text) {
  if (navigator.clipboard) return navigator.clipboard.writeText(text);
  const box = document.createElement('textarea');
  box.value = text;
  document.body.append(box);
  box.select();
  const done = document.execCommand('copy');
  box.remove();
  if (!done) throw new Error('the browser refuses');
}
