// graphql-eslint's rules for schemas, and for Relay.
import assert from 'node:assert/strict';
import graphql from '@graphql-eslint/eslint-plugin';
import { ESLint } from 'eslint';
import { parse } from 'graphql';
import { readSchema } from './server.mjs';

const text = await readSchema();
const objects = parse(text).definitions.filter(({ kind }) => kind === 'ObjectTypeDefinition');
const parts = objects.filter(({ interfaces }) => interfaces.length === 0).map(({ name }) => name.value);
const rules = {
  ...graphql.configs['flat/schema-recommended'].rules,
  ...graphql.configs['flat/schema-relay'].rules,

  // Where our schema differs, by its contract.
  // A description is in one line where it fits, else a block.
  '@graphql-eslint/description-style': 'off',
  // What is no Node is a part of one, and has no ID.
  '@graphql-eslint/strict-id-in-types': ['error', { exceptions: { types: parts } }],
  // Connections have nodes beside edges, and lists that can't grow are plain.
  '@graphql-eslint/relay-edge-types': ['error', { withEdgeSuffix: true, shouldImplementNode: true, listTypeCanWrapOnlyEdgeType: false }],
  // Fields have the names of their source: address1, productReference.
  '@graphql-eslint/no-typename-prefix': 'off',
};
// CreditType is what the source calls it. A LowBalance has a key, but no ID of its own.
// No field gives an ErrorCode: it tells of extensions.code.
const known = [
  'Type "CreditType" should not have "Type" suffix',
  "Edge type's field `node` must implement `Node` interface.",
  'Enum type `ErrorCode` is unreachable.',
];
const eslint = new ESLint({
  overrideConfigFile: true,
  overrideConfig: [{
    files: ['**/*.graphqls'],
    languageOptions: { parser: graphql.parser, parserOptions: { graphQLConfig: { schema: '../schema.graphqls' } } },
    plugins: { '@graphql-eslint': graphql },
    rules,
  }],
});
const [{ messages: found }] = await eslint.lintText(text, { filePath: 'schema.graphqls' });
const messages = found.filter(({ message }) => !known.some((start) => message.startsWith(start)));
for (const { ruleId, line, message } of messages) console.log(`schema.graphqls:${line}: ${ruleId}: ${message}`);
assert.equal(found.length - messages.length, known.length, 'what is known was found, each once');
console.log(`${Object.keys(rules).length} rules, ${messages.length} findings`);
process.exitCode = messages.length > 0 ? 1 : 0;
