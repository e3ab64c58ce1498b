/** What clients put beside their user's words of their own accord. */
const ADDITIONS: readonly RegExp[] = [
  // OpenClaw
  /<<<BEGIN_(\w+)>>>[\s\S]*?<<<END_\1>>>/g,
  /^\[\w{3} \d{4}-\d\d-\d\d \d\d:\d\d \w+\] ?/gm,
  /^Runtime: agent=.*$/gm,
  /^Image\(s\) from tool result .*$/gm,
  /\[Queued user message from a previous active turn[^\]]*\]/g,
  /^Continue the current task from the existing transcript.*$/gm,
  // opencode
  /^Called the \w+ tool with the following input.*$/gm,
  // Claude Code and Codex
  /<(system-reminder|environment_context|user_instructions)>[\s\S]*?<\/\1>/g,
]

/** A message as far as it tells whose turn it is. */
export interface Spoken {
  by: 'user' | 'tool' | 'other'
  text: string
}

/** A user's text without what the client added to it. */
export function stripClientText(text: string): string {
  return ADDITIONS.reduce((rest, pattern) => rest.replaceAll(pattern, ''), text).trim()
}

/**
 * How many of a conversation's messages there are up to the one to be answered. Behind that come
 * those in the user's name that the user did not write: a model is not to take them for a question.
 */
export function countAsked(messages: readonly Spoken[]): number {
  const last = messages.findLastIndex(({ by, text }) =>
    by !== 'user' || stripClientText(text) !== ''
  )
  const isAnswered = messages[last]?.by === 'other'
  return last < 0 || isAnswered ? messages.length : last + 1
}
