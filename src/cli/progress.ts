import { untilAborted } from '../oci/async/until-aborted.ts'
import type { Host } from './host.ts'
import { stylesFor } from './styles.ts'
import { cutText } from './text-table.ts'

/** Reports the progress of work that may take longer than half a second. */
export interface Progress {
  /**
   * Replaces the message.
   * @param ratio the completed part of the work, 0 to 1, which is shown as a bar
   */
  update(message: string, ratio?: number): void
  /** Writes lines to standard error without mixing them with the progress. */
  print(text: string): void
}

type ProgressHost = Pick<Host, 'stderr' | 'env' | 'schedule' | 'signal'>

/** Milliseconds before anything is shown. */
const DELAY = 500
const FRAME_TIME = 100
const BAR_WIDTH = 20
const FRAMES = { unicode: [...'⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏'], ascii: [...'|/-\\'] }
const ERASE_LINE = '\r\x1b[K'

/**
 * Runs the work and shows its progress on standard error if it takes longer than half a second: a
 * spinner on a terminal, otherwise one line per message. Removes the spinner when the work ends,
 * fails or is interrupted. The spinner does not read standard input, so that Ctrl+C interrupts.
 */
export async function withProgress<T>(
  host: ProgressHost,
  message: string,
  work: (progress: Progress) => Promise<T>,
): Promise<T> {
  const progress = startProgress(host, message)
  try {
    return await work(progress)
  } finally {
    progress.stop()
  }
}

/** Shows progress while a promise is pending. Rejects when the command is interrupted before. */
export function whilePending<T>(host: ProgressHost, message: string, work: Promise<T>): Promise<T> {
  return withProgress(host, message, () => untilAborted(work, host.signal))
}

/** Like `withProgress`, for work that shows progress only at its beginning. */
export function startProgress(
  host: ProgressHost,
  message: string,
): Progress & { stop(): void } {
  const display = host.stderr.isTerminal ? createSpinner(host) : createLines(host)
  display.update(message)
  const cancel = host.schedule(DELAY, () => display.start())
  const stop = () => {
    host.signal.removeEventListener('abort', stop)
    cancel()
    display.stop()
  }
  host.signal.addEventListener('abort', stop)
  return { update: display.update, print: display.print, stop }
}

interface Display extends Progress {
  /** Begins to show messages. */
  start(): void
  /** Shows nothing any more. */
  stop(): void
}

function createSpinner({ stderr, env, schedule }: ProgressHost): Display {
  const frames = hasUnicode(env) ? FRAMES.unicode : FRAMES.ascii
  const { cyan } = stylesFor(stderr)
  let text = ''
  let frame = 0
  let cancel: (() => void) | undefined
  const draw = () => {
    const line = cutText(text, Math.max(1, stderr.columns - 3))
    stderr.write(`${ERASE_LINE}${cyan(frames[frame % frames.length]!)} ${line}`)
    frame++
    cancel = schedule(FRAME_TIME, draw)
  }
  return {
    start: draw,
    stop() {
      cancel?.()
      if (cancel) stderr.write(ERASE_LINE)
      cancel = undefined
    },
    update(message, ratio) {
      text = ratio === undefined ? message : `${bar(ratio)} ${message}`
    },
    print(lines) {
      stderr.write(cancel ? `${ERASE_LINE}${lines}` : lines)
    },
  }
}

function createLines({ stderr }: ProgressHost): Display {
  let text = ''
  let isShown = false
  const show = (message: string) => {
    if (message !== text && isShown) stderr.write(`${message} …\n`)
    text = message
  }
  return {
    start() {
      isShown = true
      stderr.write(`${text} …\n`)
    },
    stop() {
      isShown = false
    },
    update: (message) => show(message),
    print: (lines) => stderr.write(lines),
  }
}

function bar(ratio: number): string {
  const done = Math.round(Math.min(1, Math.max(0, ratio)) * BAR_WIDTH)
  return `[${'#'.repeat(done)}${'-'.repeat(BAR_WIDTH - done)}] ${Math.round(ratio * 100)}%`
}

/** The Linux console and the older Windows console have no Braille characters. */
function hasUnicode(env: Host['env']): boolean {
  return env['TERM'] !== 'linux' && (env['OS'] !== 'Windows_NT' || Boolean(env['WT_SESSION']))
}
