/** What OCI's own OpenAI endpoint does for models, by the paths below its address. */
export type OpenAiOperation = '/chat/completions' | '/embeddings' | '/responses'

/** The path of an operation below the inference service's address. */
export function openAiPath(operation: OpenAiOperation): string {
  return `/openai/v1${operation}`
}

/** OCI's clients send both names of the compartment; the project only matters where there is one. */
export function openAiHeaders(
  { compartmentId, project }: { compartmentId: string; project?: string | undefined },
): Record<string, string> {
  return {
    'opc-compartment-id': compartmentId,
    'CompartmentId': compartmentId,
    ...(project !== undefined && { 'OpenAI-Project': project }),
  }
}
