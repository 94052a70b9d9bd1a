// The files of packages in the binary are those of the packages that package-lock.json
// pins, byte for byte. With --write they are copied anew, after a change of version.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

const home = '../graph/playground/';
const manifest = JSON.parse(readFileSync(`${home}assets.json`, 'utf8'));
const write = process.argv.includes('--write');
let count = 0;
for (const entry of manifest) {
  const { version, license } = JSON.parse(readFileSync(`node_modules/${entry.package}/package.json`, 'utf8'));
  if (write) Object.assign(entry, { version, license });
  assert.deepEqual([entry.version, entry.license], [version, license], entry.package);
  for (const file of entry.files) {
    const content = readFileSync(`node_modules/${entry.package}/${file.from}`);
    const path = `${home}assets/${file.to}`;
    if (write) {
      file.sha256 = createHash('sha256').update(content).digest('hex');
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, content);
    }
    assert.ok(content.equals(readFileSync(path)), `${file.to} is not ${entry.package}'s ${file.from}`);
    assert.equal(createHash('sha256').update(content).digest('hex'), file.sha256, file.to);
    count++;
  }
}
if (write) writeFileSync(`${home}assets.json`, `${JSON.stringify(manifest, null, 2)}\n`);
console.log(`${count} files are those of ${manifest.length} packages`);
