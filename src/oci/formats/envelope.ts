import { servingMode } from '../models/names.ts'
import { openAiHeaders, type OpenAiOperation, openAiPath } from '../http/openai-endpoint.ts'

/** Who is asked, and on whose account. */
export interface Addressee {
  /** The model as OCI knows it. */
  model: string
  compartmentId: string
  /** A generative AI project, for OCI's OpenAI endpoint. */
  project?: string | undefined
}

/** Where a format's requests go, and what stands around them there. */
export interface Envelope {
  /** Below the address of the inference service. */
  path: string
  /** The whole body of a request that a format has told. */
  enclose(chatRequest: object, addressee: Addressee): object
  /** What is sent beside the usual headers. */
  headers(addressee: Addressee): Readonly<Record<string, string>>
}

/** OCI's own action: the body says where, what and whom to ask. */
export const CHAT_ACTION: Envelope = {
  path: '/20231130/actions/chat',
  enclose: (chatRequest, { model, compartmentId }) => ({
    compartmentId,
    servingMode: servingMode(model),
    chatRequest,
  }),
  headers: () => ({}),
}

/** OCI's OpenAI endpoint: the body is the request itself, who pays stands in headers. */
export function openAiEnvelope(operation: OpenAiOperation): Envelope {
  return {
    path: openAiPath(operation),
    enclose: (chatRequest, { model }) => ({ model, ...chatRequest }),
    headers: openAiHeaders,
  }
}
