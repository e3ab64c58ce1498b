/** An error says what it has to say in less. */
const MOST_BYTES = 64 * 1024

/** How long, in milliseconds, its text is waited for: the status is known already. */
const MOST_TIME = 2_000

/** The text of a failed call's answer, as far as it comes in time; never fails. */
export async function readFailure({ body }: Response): Promise<string> {
  if (!body) return ''
  const reader = body.getReader()
  const cut = () => void reader.cancel().catch(() => {})
  const timer = setTimeout(cut, MOST_TIME)
  const decoder = new TextDecoder()
  let text = ''
  try {
    for (let bytes = 0; bytes < MOST_BYTES;) {
      const { done, value } = await reader.read()
      if (done) return text + decoder.decode()
      bytes += value.length
      text += decoder.decode(value, { stream: true })
    }
  } catch {
    // What has come of it has to do.
  } finally {
    clearTimeout(timer)
    cut()
  }
  return text
}
