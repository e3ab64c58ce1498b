import type { Configuration, Settings } from '../client.ts'

/** `~/.codex/config.toml`, and the API key in the environment. */
export function configure({ url, key }: Settings): Configuration {
  const config = `model = "xai.grok-4.3"
model_provider = "oci"
model_context_window = 1000000

[model_providers.oci]
name = "OCI"
base_url = "${url}/v1"
env_key = "OCI_GATEWAY_KEY"
wire_api = "responses"
`
  return { files: { '.codex/config.toml': config }, env: { OCI_GATEWAY_KEY: key } }
}
