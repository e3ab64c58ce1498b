import * as clack from '@clack/prompts'
import process from 'node:process'
import { cancelled, type Choice, type Prompts } from './prompts.ts'

/** Lists longer than this are searched by typing. */
const MAX_LISTED = 12

/** Creates prompts on the terminal of this process. They write to standard error. */
export function createClackPrompts(signal: AbortSignal): Prompts {
  const common = { output: process.stderr, signal }
  return {
    isInteractive: true,
    intro: (title) => clack.intro(title, common),
    async select({ message, choices, initial }) {
      const options = [...choices].map(toOption)
      const question = { message, options, initialValue: initial, ...common }
      return answerOf(
        options.length > MAX_LISTED
          ? await clack.autocomplete({ ...question, maxItems: MAX_LISTED })
          : await clack.select(question),
      )
    },
    async text({ message, initial, check }) {
      const validate = (answer: string | undefined) => check(answer ?? '')
      return answerOf(await clack.text({ message, initialValue: initial, validate, ...common }))
    },
    confirm: async ({ message, initial }) =>
      answerOf(await clack.confirm({ message, initialValue: initial, ...common })),
    info: (text) => clack.log.info(text, common),
    warn: (text) => clack.log.warn(text, common),
    outro: (text) => clack.outro(text, common),
  }
}

function toOption({ value, label, hint }: Choice) {
  return { value, label, ...(hint === undefined ? {} : { hint }) }
}

function answerOf<Answer>(answer: Answer | typeof clack.CANCEL_SYMBOL): Answer {
  if (clack.isCancel(answer)) throw cancelled()
  // clack's only symbol is that of a cancelled question.
  return answer as Answer
}
