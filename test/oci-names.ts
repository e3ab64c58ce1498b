/** A project, without which OCI rejects conversations. */
export const PROJECT = 'ocid1.generativeaiproject.oc1.us-chicago-1.aaaa'
/** A dedicated cluster, which serves what no model on demand serves. */
export const CLUSTER = `ocid1.generativeaiendpoint.oc1.us-chicago-1.${'a'.repeat(60)}`

/** An OCI Generative AI API key that the simulator accepts. OCI's OpenAI endpoint accepts no other. */
export const BEARER_KEY = 'sk-simulator'
/** Environment variables that select that key. */
export const BEARER = {
  OCI_AUTH: 'genai_api_key',
  OCI_GENAI_API_KEY: BEARER_KEY,
  OCI_REGION: 'us-chicago-1',
}
