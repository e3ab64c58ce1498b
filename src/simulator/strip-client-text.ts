/** Texts that clients add to the messages of their users. */
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

/** The part of a message that decides whether its user or its client wrote it. */
export interface AuthoredMessage {
  role: 'system' | 'user' | 'assistant' | 'tool'
  text: string
}

/** Removes the text that the client added to a user's message. */
export function stripClientText(text: string): string {
  return ADDITIONS.reduce((rest, pattern) => rest.replaceAll(pattern, ''), text).trim()
}

/**
 * Removes the user messages at the end of a conversation that only the client wrote, so that the
 * model does not answer them. An image without text after an answer is a question and stays.
 */
export function withoutClientMessages<Message extends AuthoredMessage>(
  messages: readonly Message[],
): readonly Message[] {
  const last = messages.findLastIndex(({ role, text }) =>
    role !== 'user' || stripClientText(text) !== ''
  )
  const role = messages[last]?.role
  const isAnswered = role === 'assistant' || role === 'system'
  return last < 0 || isAnswered ? messages : messages.slice(0, last + 1)
}
