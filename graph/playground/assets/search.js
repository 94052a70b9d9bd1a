// The search of the reference: which entries of its index have all words that are typed.

// order puts what a reader more likely means before the rest, where the words fit alike.
const order = { guide: 9, object: 8, interface: 8, page: 8, input: 6, enum: 6, scalar: 6, section: 5, field: 5, example: 4, value: 2, argument: 1 };

const separators = /[^\p{L}\p{N}_-]+/u;

// find returns the entries that have each word of a text, the best first.
export function find(entries, text) {
  const words = text.toLowerCase().split(separators).filter(Boolean);
  if (words.length === 0) return [];
  return entries
    .map((entry, place) => ({ entry, place, score: score(entry, words) }))
    .filter(({ score: points }) => points > 0)
    .sort((a, b) => b.score - a.score || a.place - b.place)
    .map(({ entry }) => entry);
}

// score is 0 where a word is missing. A word in the title counts more than one in what
// the entry is in, and that more than one in the text.
function score(entry, words) {
  const title = entry.title.toLowerCase();
  const parts = pieces(entry.title);
  const around = (entry.place ?? '').toLowerCase();
  const inAround = around.split(separators);
  const text = `${entry.text ?? ''} ${entry.words ?? ''}`.toLowerCase();
  let sum = 0;
  for (const word of words) {
    const points = title === word ? 100
      : inAround.includes(word) ? 45
        : title.startsWith(word) ? 40
          : parts.some((part) => part.startsWith(word)) ? 25
            : title.includes(word) ? 15
              : around.includes(word) ? 10
                : text.includes(word) ? 3 : 0;
    if (points === 0) return 0;
    sum += points;
  }
  if (words.join(' ') === `${around} ${title}`.split(separators).filter(Boolean).join(' ')) sum += 200;
  else if (words.join(' ') === parts.join(' ')) sum += 100;
  const named = words.some((word) => title.includes(word));
  return (named ? sum : sum / 2) / words.length + (order[entry.kind] ?? 0);
}

// pieces are the words of a name: usage and summary of usageSummary.
const pieces = (name) => name.replace(/(\p{Ll})(\p{Lu})/gu, '$1 $2').toLowerCase().split(/[^\p{L}\p{N}-]+/u).filter(Boolean);
