/** An endpoint of OpenAI's API that OCI serves itself, so that requests are signed and passed on. */
export interface Endpoint {
  method: 'GET' | 'POST' | 'DELETE'
  /** Below `/v1`. The first parameter is the object that has an owner. */
  path: string
  /** For the ledger, metrics and the circuit breaker. */
  group: EndpointGroup
  /** OCI's host: that of models, or that of the control plane. */
  host: 'inference' | 'control'
  /**
   * `form`: multipart, passed on as it is. `fields`: multipart whose fields are checked first. Both
   * may be JSON instead.
   */
  body: 'none' | 'json' | 'form' | 'fields'
  /** `content`: a stored file, whatever its type. Others: JSON, events or media, by their type. */
  answer: 'json' | 'content' | 'media'
  /** What the request does to the objects of its owner. */
  effect: 'create' | 'list' | 'delete' | 'use'
  /** Whether the body names a model. */
  hasModel: boolean
  /** Whether OCI requires a project. */
  needsProject: boolean
  /** For documents. */
  summary: string
}

/** The groups, which are the first segments of paths, with the object in a path, for messages. */
export const OBJECT_NAMES = {
  audio: 'object',
  containers: 'container',
  conversations: 'conversation',
  files: 'file',
  images: 'object',
  responses: 'response',
  vector_stores: 'vector store',
} as const

export type EndpointGroup = keyof typeof OBJECT_NAMES

type Row = readonly [
  method: Endpoint['method'],
  path: string,
  kind: Endpoint['effect'] | 'content' | 'media',
  body: Endpoint['body'],
  summary: string,
]

/** All of them. Routes, documents and tests read this table. */
export const ENDPOINTS: readonly Endpoint[] = ([
  ['POST', '/conversations', 'create', 'json', 'Create a conversation'],
  ['GET', '/conversations/:id', 'use', 'none', 'Read a conversation'],
  ['POST', '/conversations/:id', 'use', 'json', 'Change a conversation'],
  ['DELETE', '/conversations/:id', 'delete', 'none', 'Delete a conversation'],
  ['POST', '/conversations/:id/items', 'use', 'json', 'Add items to a conversation'],
  ['GET', '/conversations/:id/items', 'use', 'none', 'List the items of a conversation'],
  ['GET', '/conversations/:id/items/:item', 'use', 'none', 'Read an item of a conversation'],
  ['DELETE', '/conversations/:id/items/:item', 'use', 'none', 'Delete an item of a conversation'],
  ['POST', '/files', 'create', 'form', 'Upload a file'],
  ['GET', '/files', 'list', 'none', 'List files'],
  ['GET', '/files/:id', 'use', 'none', 'Describe a file'],
  ['DELETE', '/files/:id', 'delete', 'none', 'Delete a file'],
  ['GET', '/files/:id/content', 'content', 'none', 'Download a file'],
  ['POST', '/vector_stores', 'create', 'json', 'Create a vector store'],
  ['GET', '/vector_stores', 'list', 'none', 'List vector stores'],
  ['GET', '/vector_stores/:id', 'use', 'none', 'Read a vector store'],
  ['POST', '/vector_stores/:id', 'use', 'json', 'Change a vector store'],
  ['DELETE', '/vector_stores/:id', 'delete', 'none', 'Delete a vector store'],
  ['POST', '/vector_stores/:id/search', 'use', 'json', 'Search a vector store'],
  ['POST', '/vector_stores/:id/files', 'use', 'json', 'Add a file to a vector store'],
  ['GET', '/vector_stores/:id/files', 'use', 'none', 'List the files of a vector store'],
  ['GET', '/vector_stores/:id/files/:file', 'use', 'none', 'Read a file of a vector store'],
  ['POST', '/vector_stores/:id/files/:file', 'use', 'json', 'Change a file of a vector store'],
  ['DELETE', '/vector_stores/:id/files/:file', 'use', 'none', 'Remove a file from a vector store'],
  ['GET', '/vector_stores/:id/files/:file/content', 'use', 'none', 'Read the text of a file'],
  ['POST', '/vector_stores/:id/file_batches', 'use', 'json', 'Add files to a vector store'],
  ['GET', '/vector_stores/:id/file_batches/:batch', 'use', 'none', 'Read a batch of files'],
  [
    'POST',
    '/vector_stores/:id/file_batches/:batch/cancel',
    'use',
    'none',
    'Cancel a batch of files',
  ],
  [
    'GET',
    '/vector_stores/:id/file_batches/:batch/files',
    'use',
    'none',
    'List the files of a batch',
  ],
  ['POST', '/containers', 'create', 'json', 'Create a container'],
  ['GET', '/containers', 'list', 'none', 'List containers'],
  ['GET', '/containers/:id', 'use', 'none', 'Read a container'],
  ['DELETE', '/containers/:id', 'delete', 'none', 'Delete a container'],
  ['POST', '/containers/:id/files', 'use', 'fields', 'Add a file to a container'],
  ['GET', '/containers/:id/files', 'use', 'none', 'List the files of a container'],
  ['GET', '/containers/:id/files/:file', 'use', 'none', 'Describe a file of a container'],
  ['DELETE', '/containers/:id/files/:file', 'use', 'none', 'Delete a file of a container'],
  [
    'GET',
    '/containers/:id/files/:file/content',
    'content',
    'none',
    'Download a file of a container',
  ],
  ['POST', '/responses/:id/cancel', 'use', 'none', 'Cancel a response in the background'],
  ['POST', '/audio/speech', 'media', 'json', 'Speech from text'],
  ['POST', '/audio/transcriptions', 'media', 'fields', 'Text from speech'],
  ['POST', '/images/generations', 'media', 'json', 'Images from text'],
  ['POST', '/images/edits', 'media', 'fields', 'Edited images'],
] satisfies readonly Row[]).map(endpointOf)

function endpointOf([method, path, kind, body, summary]: Row): Endpoint {
  // The first segment of a path is a group.
  const group = path.split('/')[1] as EndpointGroup
  const isContent = kind === 'content' || kind === 'media'
  return {
    ...{ method, path, group, body, summary },
    host: /^\/vector_stores(\/:id)?$/.test(path) ? 'control' : 'inference',
    answer: isContent ? kind : 'json',
    effect: isContent ? 'use' : kind,
    hasModel: kind === 'media',
    needsProject: group === 'conversations' || group === 'responses',
  }
}
