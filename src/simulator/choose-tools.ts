import type { Prompt, PromptTool } from './prompt.ts'

/** The tools to call: those the user names, else the one whose words fit best. */
export function chooseTools(prompt: Prompt): readonly PromptTool[] {
  const { tools, toolChoice, toolResults, user } = prompt
  if (toolChoice === 'none') return []
  if (typeof toolChoice === 'object') return tools.filter(({ name }) => name === toolChoice.name)
  if (toolChoice === 'auto' && toolResults.length > 0) return []
  const named = namedIn(user, tools)
  const fitting = named.length > 0 ? named : fittingBest(user, tools)
  const chosen = fitting.length === 0 && toolChoice === 'required' ? tools.slice(0, 1) : fitting
  return prompt.parallelCalls ? chosen : chosen.slice(0, 1)
}

function namedIn(text: string, tools: readonly PromptTool[]): readonly PromptTool[] {
  return tools
    .map((tool) => ({ tool, at: placeOf(tool.name, text) }))
    .filter(({ at }) => at >= 0)
    .sort((one, other) => one.at - other.at)
    .map(({ tool }) => tool)
}

/** Where a text says a tool's name, as it is or with blanks: `get_weather`, "get weather". */
function placeOf(name: string, text: string): number {
  const spoken = RegExp.escape(name).replaceAll(/_|\\x2d/g, '[-_ ]')
  return text.search(new RegExp(`(?<![\\w-])${spoken}(?![\\w-])`, 'i'))
}

/** Two shared words of a description are enough, or one of the name. */
function fittingBest(text: string, tools: readonly PromptTool[]): readonly PromptTool[] {
  const said = new Set(wordsOf(text))
  const scores = tools.map(({ name, description }) => {
    const fromName = wordsOf(name).filter((word) => said.has(word)).length
    const fromRest = new Set(wordsOf(description).filter((word) => said.has(word))).size
    return 2 * fromName + fromRest
  })
  const best = Math.max(0, ...scores)
  return best < 2 ? [] : tools.slice(scores.indexOf(best), scores.indexOf(best) + 1)
}

/** Short words say little. */
function wordsOf(text: string): readonly string[] {
  const parts = text.replaceAll(/([a-z])([A-Z])/g, '$1 $2').toLowerCase().split(/[^\p{L}\d]+/u)
  return parts.filter((word) => word.length > 3)
}
