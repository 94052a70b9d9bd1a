// What changed in the schema since schema.released.graphqls, the one that clients were
// last told of. What breaks them fails. To release a schema, copy it over that file.
import { readFileSync } from 'node:fs';
import { buildSchema } from 'graphql';
import { CriticalityLevel, diff } from '@graphql-inspector/core';
import { readSchema } from './server.mjs';

const changes = await diff(buildSchema(readFileSync('schema.released.graphqls', 'utf8')), buildSchema(await readSchema()));
const breaking = changes.filter(({ criticality }) => criticality.level === CriticalityLevel.Breaking);
for (const { message, criticality } of changes.filter(({ criticality }) => criticality.level !== CriticalityLevel.NonBreaking)) {
  console.log(`${criticality.level}: ${message}`);
}
console.log(`${changes.length} changes, ${breaking.length} break clients`);
process.exitCode = breaking.length > 0 ? 1 : 0;
