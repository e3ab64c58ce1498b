import { many, members, text } from '../fill.ts'
import type { Row } from '../row.ts'
import { type Kind, rowsOf } from './kinds.ts'

const COMPLETIONS: readonly Kind[] = [
  {
    id: 'text',
    title: 'one huge prompt',
    body: (bytes, model) => ({ model, prompt: text(bytes, '_') }),
  },
  {
    id: 'prompts',
    title: 'very many prompts',
    body: (bytes, model) => ({ model, prompt: many(bytes, () => 'a') }),
  },
  {
    id: 'tokens',
    title: 'very many tokens as a prompt',
    body: (bytes, model) => ({ model, prompt: many(bytes, () => 1) }),
  },
  {
    id: 'suffix',
    title: 'a huge suffix, echoed',
    body: (bytes, model) => ({ model, prompt: 'a', suffix: text(bytes, '"'), echo: true }),
  },
  {
    id: 'stop',
    title: 'very many stop strings',
    body: (bytes, model) => ({ model, prompt: 'a', stop: many(bytes, (index) => `s${index}`) }),
  },
  {
    id: 'choices',
    title: 'many choices of a huge prompt',
    body: (bytes, model) => ({ model, prompt: text(bytes, 'a'), n: 100, best_of: 100 }),
  },
]

const EMBEDDINGS: readonly Kind[] = [
  {
    id: 'text',
    title: 'one huge text',
    body: (bytes, model) => ({ model, input: text(bytes, '_') }),
  },
  {
    id: 'texts',
    title: 'very many texts',
    body: (bytes, model) => ({ model, input: many(bytes, () => 'a') }),
  },
  {
    id: 'data-urls',
    title: 'very many texts that begin like data URLs',
    body: (bytes, model) => ({ model, input: many(bytes, () => 'data:image/') }),
  },
  {
    id: 'data-url',
    title: 'a data URL with very many parameters',
    body: (bytes, model) => ({ model, input: [`data:image/png${text(bytes, ';a=b')},x`] }),
  },
  {
    id: 'tokens',
    title: 'very many lists of tokens',
    body: (bytes, model) => ({ model, input: many(bytes, () => [1, 2]) }),
  },
  {
    id: 'unknown-members',
    title: 'very many unknown members',
    body: (bytes, model) => ({ model, input: 'a', ...members(bytes, (at) => [`x${at}`, at]) }),
  },
]

const MODERATIONS: readonly Kind[] = [
  { id: 'text', title: 'one huge text', body: (bytes) => ({ input: text(bytes, '_') }) },
  { id: 'texts', title: 'very many texts', body: (bytes) => ({ input: many(bytes, () => 'a') }) },
  {
    id: 'parts',
    title: 'very many parts',
    body: (bytes) => ({ input: many(bytes, () => ({ type: 'text', text: 'a' })) }),
  },
  {
    id: 'image',
    title: 'a data URL with very many parameters',
    body: (bytes) => ({
      input: [{
        type: 'image_url',
        image_url: { url: `data:image/png${text(bytes, ';a=b')},x` },
      }],
    }),
  },
]

const RERANK: readonly Kind[] = [
  {
    id: 'documents',
    title: 'very many documents',
    body: (bytes, model) => ({ model, query: 'q', documents: many(bytes, () => 'a') }),
  },
  {
    id: 'query',
    title: 'a huge query',
    body: (bytes, model) => ({ model, query: text(bytes, '_'), documents: ['a'] }),
  },
  {
    id: 'fields',
    title: 'very many fields of very many documents',
    body: (bytes, model) => ({
      model,
      query: 'q',
      documents: many(bytes / 2, () => ({ text: 'a' })),
      rank_fields: many(bytes / 2, (index) => `f${index}`),
    }),
  },
  {
    id: 'fields-wide',
    title: 'very many fields of one document',
    body: (bytes, model) => ({
      model,
      query: 'q',
      documents: [members(bytes / 2, (index) => [`f${index}`, 'a'])],
      rank_fields: many(bytes / 2, (index) => `f${index}`),
    }),
  },
  {
    id: 'fields-same',
    title: 'one field very many times, of documents that have it',
    body: (bytes, model) => ({
      model,
      query: 'q',
      documents: many(bytes / 2, () => ({ t: 'a' })),
      rank_fields: many(bytes / 2, () => 't'),
    }),
  },
]

/** Requests of a size to the APIs that take lists. */
export const LISTS: readonly Row[] = [
  ...rowsOf('F2', 'completions', '/v1/completions', COMPLETIONS),
  ...rowsOf('F2', 'embeddings', '/v1/embeddings', EMBEDDINGS, ['embed']),
  ...rowsOf('F2', 'moderations', '/v1/moderations', MODERATIONS, ['generic']),
  ...rowsOf('F15', 'rerank', '/v1/rerank', RERANK, ['rerank']),
]
