import type { VNode } from 'preact'
import DOMPurify from 'dompurify'
import { Marked, type Tokens } from 'marked'
import { useEffect, useRef } from 'preact/hooks'
import { boundText, MAX_FORMATTED } from './bound-text.ts'

/**
 * A model's output is not trusted: it may only become text and its formatting. Links and images become
 * text, so that nothing is loaded and nothing leads away; HTML is shown as it was written.
 */
const marked = new Marked({
  gfm: true,
  breaks: true,
  renderer: {
    html: ({ text }: Tokens.HTML | Tokens.Tag) => escapeHtml(text),
    link({ href, tokens }: Tokens.Link) {
      const text = this.parser.parseInline(tokens)
      const address = escapeHtml(href)
      return text === address ? `<code>${address}</code>` : `${text} (<code>${address}</code>)`
    },
    image: ({ href, text }: Tokens.Image) =>
      `[${escapeHtml(text)}] (<code>${escapeHtml(href)}</code>)`,
    heading({ tokens, depth }: Tokens.Heading) {
      return `<p class="md-heading md-h${depth}">${this.parser.parseInline(tokens)}</p>`
    },
    code: ({ text }: Tokens.Code) => `<pre tabindex="0"><code>${escapeHtml(text)}</code></pre>`,
    checkbox: ({ checked }: Tokens.Checkbox) => checked ? '☑ ' : '☐ ',
  },
})

/** The second line of defence: only these elements and attributes survive. */
const PURIFY = {
  ALLOWED_TAGS: [
    ...['p', 'br', 'hr', 'strong', 'em', 'del', 'code', 'pre', 'blockquote'],
    ...['ul', 'ol', 'li', 'table', 'thead', 'tbody', 'tr', 'th', 'td'],
  ],
  ALLOWED_ATTR: ['class', 'start', 'tabindex'],
  ALLOW_DATA_ATTR: false,
  ALLOW_ARIA_ATTR: false,
  RETURN_DOM_FRAGMENT: true,
} as const

/** Least milliseconds between two renderings of a text that grows. */
const MIN_PAUSE = 80
/** The pause as a multiple of the last rendering, so that the page stays usable in between. */
const PAUSE_RATIO = 4

/** Renders a text that a model wrote. While it grows, it is rendered a few times a second. */
export function Markdown({ text }: { text: string }): VNode {
  const element = useRef<HTMLDivElement>(null)
  const next = useRef(0)
  const { shown, notice } = boundText(text)
  useEffect(() => {
    const timer = setTimeout(() => {
      const startedAt = performance.now()
      render(element.current, shown)
      const endedAt = performance.now()
      next.current = endedAt + Math.max(MIN_PAUSE, PAUSE_RATIO * (endedAt - startedAt))
    }, next.current - performance.now())
    return () => clearTimeout(timer)
  }, [shown])
  return (
    <>
      <div class='markdown' ref={element} />
      {notice && <p class='hint'>{notice}</p>}
    </>
  )
}

function render(element: HTMLElement | null, text: string): void {
  element?.replaceChildren(text.length > MAX_FORMATTED ? plain(text) : formatted(text))
}

/** Elements that a browser lays out at once: a table of thousands of columns would freeze the page. */
const MAX_ELEMENTS = 2_000

/** Markdown that is nested thousands of times exceeds the stack of the parser. */
function formatted(text: string): Node {
  try {
    const html = marked.parse(text, { async: false })
    const nodes = DOMPurify.sanitize(html, { ...PURIFY, ...copies() })
    return nodes.querySelectorAll('*').length > MAX_ELEMENTS ? plain(text) : nodes
  } catch {
    return plain(text)
  }
}

function plain(text: string): Node {
  const block = document.createElement('p')
  block.className = 'plain'
  block.textContent = text
  return block
}

/** DOMPurify wants lists that it may change. */
function copies() {
  return { ALLOWED_TAGS: [...PURIFY.ALLOWED_TAGS], ALLOWED_ATTR: [...PURIFY.ALLOWED_ATTR] }
}

function escapeHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
}
