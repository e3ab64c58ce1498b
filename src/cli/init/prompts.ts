import { ApiError } from '../../errors.ts'

/** An answer that can be selected. */
export interface Choice {
  value: string
  label: string
  hint?: string
}

/** Questions to the person at the terminal. All of them throw `cancelled()` on Ctrl+C. */
export interface Prompts {
  /** Whether a person answers; otherwise each question takes its initial value. */
  readonly isInteractive: boolean
  intro(title: string): void
  select(question: Question & { choices: readonly Choice[] }): Promise<string>
  text(question: Question & { check(answer: string): string | undefined }): Promise<string>
  confirm(question: { message: string; initial: boolean }): Promise<boolean>
  info(text: string): void
  warn(text: string): void
  outro(text: string): void
}

interface Question {
  message: string
  /** The answer of the Enter key. */
  initial: string
}

/** Prompts that take the initial value of each question without asking, for `--yes`. */
export function takeDefaults(write: (text: string) => void): Prompts {
  const print = (text: string) => write(`${text}\n`)
  return {
    isInteractive: false,
    intro: () => {},
    select: ({ initial }) => Promise.resolve(initial),
    text({ message, initial, check }) {
      const problem = check(initial)
      if (problem === undefined) return Promise.resolve(initial)
      throw new ApiError('configuration_error', `${message} ${problem}`, { reason: 'no_default' })
    },
    confirm: ({ initial }) => Promise.resolve(initial),
    info: print,
    warn: print,
    outro: print,
  }
}

const REASON = 'cancelled'

/** The error after Ctrl+C in a question. */
export function cancelled(): ApiError {
  return new ApiError('client_closed', 'Cancelled', { reason: REASON })
}

/** Whether the person cancelled a question. */
export function isCancelled(thrown: unknown): boolean {
  return thrown instanceof ApiError && thrown.reason === REASON
}
