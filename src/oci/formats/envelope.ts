import { servingMode } from '../models/names.ts'
import { openAiHeaders, type OpenAiOperation, openAiPath } from '../http/openai-endpoint.ts'

/** The model that a request is for, and the account it is billed to. */
export interface Destination {
  /** The model's OCI name or OCID. */
  model: string
  compartmentId: string
  /** A generative AI project, for OCI's OpenAI endpoint. */
  project?: string | undefined
}

/** The endpoint of a format, and what it adds to each request. */
export interface Envelope {
  /** Relative to the address of the inference service. */
  path: string
  /** Wraps an encoded request in the complete body. */
  wrap(chatRequest: object, destination: Destination): object
  /** Additional headers. */
  headers(destination: Destination): Readonly<Record<string, string>>
}

/** The native chat action: the body contains the compartment and the model. */
export const CHAT_ACTION: Envelope = {
  path: '/20231130/actions/chat',
  wrap: (chatRequest, { model, compartmentId }) => ({
    compartmentId,
    servingMode: servingMode(model),
    chatRequest,
  }),
  headers: () => ({}),
}

/** OCI's OpenAI endpoint: the body is the request, the compartment is in headers. */
export function openAiEnvelope(operation: OpenAiOperation): Envelope {
  return {
    path: openAiPath(operation),
    wrap: (chatRequest, { model }) => ({ model, ...chatRequest }),
    headers: openAiHeaders,
  }
}
