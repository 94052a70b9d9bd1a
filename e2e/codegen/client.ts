// What a typed client would do: tsc must find each field of the answers, and refuse
// what is not there.
import type { TypedDocumentNode } from '@graphql-typed-document-node/core';
import { AccountDocument, HistoryDocument, LowDocument, PageDocument } from './made.js';

type Answer<T> = T extends TypedDocumentNode<infer R, infer _> ? R : never;
type Variables<T> = T extends TypedDocumentNode<infer _, infer V> ? V : never;

export function remaining(answer: Answer<typeof AccountDocument>): string[] {
  const sites = answer.customer?.sites.nodes ?? [];
  return sites.flatMap((site) => site.usageProductInventories.nodes)
    .flatMap((inventory) => inventory.inclusiveUsageBalances?.nodes ?? [])
    .flatMap((balance) => balance.assignments)
    .flatMap((assignment) => assignment.components)
    .map((component) => `${component.remaining satisfies string} ${component.unit}`);
}

export const closing = (answer: Answer<typeof HistoryDocument>): string | undefined =>
  answer.customer?.balanceHistory?.at(-1)?.closing;

export const low = (answer: Answer<typeof LowDocument>): number[] =>
  answer.lowBalances?.nodes.map(({ usedRatio }) => usedRatio) ?? [];

export const page: Variables<typeof PageDocument> = { first: 10, after: null };

// @ts-expect-error The amount is text, for a number would lose digits.
export const wrong: number = closing(null as unknown as Answer<typeof HistoryDocument>);

// @ts-expect-error There is no such field.
export const none = (answer: Answer<typeof LowDocument>) => answer.lowBalances?.rows;
