import { encodeBase64Url } from '../../src/simulator/base64.ts'

/** Prompt text that makes the simulated model call a tool. */
export function calling(tool: string, input: object): string {
  return `[[sim:tool=${tool}:${encodeBase64Url(JSON.stringify(input))}]]`
}

/** Prompt text that makes the simulated model answer with `text`. */
export function saying(text: string): string {
  return `[[sim:say=${encodeBase64Url(text)}]]`
}
