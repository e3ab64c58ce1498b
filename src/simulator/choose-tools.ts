import { escapePattern } from './escape-pattern.ts'
import type { Prompt, PromptTool } from './prompt.ts'

/** Chooses the tools to call: those the user names, else the one with the most words in common. */
export function chooseTools(prompt: Prompt): readonly PromptTool[] {
  const { tools, toolChoice, toolResults, user } = prompt
  if (toolChoice === 'none') return []
  if (typeof toolChoice === 'object') return tools.filter(({ name }) => name === toolChoice.name)
  if (toolChoice === 'auto' && toolResults.length > 0) return []
  const mentioned = mentionedTools(user, tools)
  const matching = mentioned.length > 0 ? mentioned : bestMatch(user, tools)
  const chosen = matching.length === 0 && toolChoice === 'required' ? tools.slice(0, 1) : matching
  return prompt.parallelCalls ? chosen : chosen.slice(0, 1)
}

function mentionedTools(text: string, tools: readonly PromptTool[]): readonly PromptTool[] {
  return tools
    .map((tool) => ({ tool, at: positionOf(tool.name, text) }))
    .filter(({ at }) => at >= 0)
    .sort((one, other) => one.at - other.at)
    .map(({ tool }) => tool)
}

/** The position of a tool's name in a text, as it is or with spaces: `get_weather`, "get weather". */
function positionOf(name: string, text: string): number {
  const pattern = escapePattern(name).replaceAll(/_|\\-/g, '[-_ ]')
  return text.search(new RegExp(`(?<![\\w-])${pattern}(?![\\w-])`, 'i'))
}

/** The best tool with one common word in its name or two in its description. */
function bestMatch(text: string, tools: readonly PromptTool[]): readonly PromptTool[] {
  const textWords = new Set(wordsOf(text))
  const scores = tools.map(({ name, description }) => {
    const fromName = wordsOf(name).filter((word) => textWords.has(word)).length
    const fromDescription = new Set(wordsOf(description).filter((word) => textWords.has(word))).size
    return 2 * fromName + fromDescription
  })
  const best = Math.max(0, ...scores)
  return best < 2 ? [] : tools.slice(scores.indexOf(best), scores.indexOf(best) + 1)
}

/** Words of more than three letters; shorter ones are too common. */
function wordsOf(text: string): readonly string[] {
  const parts = text.replaceAll(/([a-z])([A-Z])/g, '$1 $2').toLowerCase().split(/[^\p{L}\d]+/u)
  return parts.filter((word) => word.length > 3)
}
