import { untilAborted } from '../oci/async/until-aborted.ts'
import type { Host } from './host.ts'

const FRAMES = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏']
/** Milliseconds before the spinner appears, so that fast work shows none. */
const DELAY = 400
const INTERVAL = 100

/**
 * Shows a spinner with a message while work runs, if a person sees it. Unlike the one of clack, it
 * leaves standard input alone, so that Ctrl+C remains a signal, after which this rejects.
 */
export async function withSpinner<Result>(
  message: string,
  work: Promise<Result>,
  { stderr: output, signal }: Pick<Host, 'stderr' | 'signal'>,
): Promise<Result> {
  const result = untilAborted(work, signal)
  if (!output.isTerminal) return await result
  const shown = message.slice(0, Math.max(0, output.columns - 4))
  let frame = 0
  const draw = () => output.write(`\r${FRAMES[frame++ % FRAMES.length]} ${shown}…`)
  let interval: ReturnType<typeof setInterval> | undefined
  const start = setTimeout(() => {
    draw()
    interval = setInterval(draw, INTERVAL)
  }, DELAY)
  try {
    return await result
  } finally {
    clearTimeout(start)
    if (interval !== undefined) clearInterval(interval)
    if (frame > 0) output.write('\r\x1b[K')
  }
}
