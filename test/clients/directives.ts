import { encodeBase64Url } from '../../src/simulator/base64.ts'

/** Words in a prompt that make the simulated model call a tool. */
export function calling(tool: string, input: object): string {
  return `[[sim:tool=${tool}:${encodeBase64Url(JSON.stringify(input))}]]`
}

/** Words in a prompt that make the simulated model answer this. */
export function saying(text: string): string {
  return `[[sim:say=${encodeBase64Url(text)}]]`
}
