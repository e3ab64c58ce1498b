/** The operations of OCI's OpenAI endpoint, by their paths. */
export type OpenAiOperation = '/chat/completions' | '/embeddings' | '/responses'

/** Returns the path of an operation below the base address of the inference service. */
export function openAiPath(operation: OpenAiOperation): string {
  return `/openai/v1${operation}`
}

/** Creates the headers of the endpoint. OCI's own clients send both names of the compartment. */
export function openAiHeaders(
  { compartmentId: configured, project }: { compartmentId: string; project?: string | undefined },
  { compartmentId = configured }: { compartmentId?: string | undefined } = {},
): Record<string, string> {
  return {
    'opc-compartment-id': compartmentId,
    'CompartmentId': compartmentId,
    ...(project !== undefined && { 'OpenAI-Project': project }),
  }
}
