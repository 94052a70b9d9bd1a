// graphql-codegen makes types of the playground's examples, and tsc --strict takes
// them, and a client that uses them.
import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { codegen } from '@graphql-codegen/core';
import * as typedDocumentNode from '@graphql-codegen/typed-document-node';
import * as typescript from '@graphql-codegen/typescript';
import * as operations from '@graphql-codegen/typescript-operations';
import { parse } from 'graphql';
import { readSchema } from './server.mjs';

const scalars = { Decimal: 'string', Date: 'string', DateTime: 'string', LocalDateTime: 'string' };
const examples = '../graph/playground/examples/';
const documents = readdirSync(examples).filter((name) => name.endsWith('.graphql')).map((name) => {
  const source = readFileSync(examples + name, 'utf8').replace(/^\{/m, 'query Catalogue {'); // types need names
  return { location: name, document: parse(source) };
});
const config = { scalars, strictScalars: true, useTypeImports: true, enumsAsTypes: true };
const make = async (documents, pluginMap) => codegen({
  schema: parse(await readSchema()), documents, filename: 'made.ts', config, pluginMap, plugins: Object.keys(pluginMap).map((name) => ({ [name]: {} })),
});
const ofSchema = await make([], { typescript });
const ofExamples = await make(documents, { operations, typedDocumentNode });

// In this folder, so that tsc finds the packages.
const folder = mkdtempSync('codegen/run-');
try {
  writeFileSync(`${folder}/schema.ts`, ofSchema);
  writeFileSync(`${folder}/made.ts`, ofExamples);
  cpSync('codegen/client.ts', `${folder}/client.ts`);
  execFileSync('node_modules/.bin/tsc', ['--strict', '--noEmit', '--skipLibCheck', '--module', 'nodenext', '--target', 'es2022', `${folder}/client.ts`, `${folder}/made.ts`, `${folder}/schema.ts`], { stdio: 'inherit' });
  console.log(`${documents.length} documents have types, ${ofExamples.split('\n').length} lines of them, and the schema ${ofSchema.split('\n').length}`);
} finally {
  rmSync(folder, { recursive: true });
}
