/** The clients of `oci-gateway connect`. */
export const CLIENT_NAMES: readonly string[] = [
  ...['openclaw', 'claude-code', 'codex', 'opencode', 'continue', 'cline', 'open-webui'],
  ...['librechat', 'langchain', 'ai-sdk', 'curl', 'python', 'node'],
]
