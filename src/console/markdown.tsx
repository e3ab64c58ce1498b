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
    image: ({ href, text }: Tokens.Image) => `[${escapeHtml(text)}] (<code>${escapeHtml(href)}</code>)`,
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

/** Milliseconds of one rendering, from which on a text is shown without formatting. */
const SLOW = 60
/** Milliseconds between two renderings of a text that grows. */
const PAUSE = 80

/** Renders a text that a model wrote. While it grows, it is rendered a few times a second. */
export function Markdown({ text }: { text: string }) {
  const element = useRef<HTMLDivElement>(null)
  const state = useRef({ isSlow: false, renderedAt: 0 })
  const { shown, notice } = boundText(text)
  useEffect(() => {
    const wait = Math.max(0, PAUSE - (performance.now() - state.current.renderedAt))
    const timer = setTimeout(() => {
      const startedAt = performance.now()
      render(element.current, shown, state.current.isSlow)
      state.current.renderedAt = performance.now()
      state.current.isSlow ||= performance.now() - startedAt > SLOW
    }, wait)
    return () => clearTimeout(timer)
  }, [shown])
  return (
    <>
      <div class='markdown' ref={element} />
      {notice && <p class='hint'>{notice}</p>}
    </>
  )
}

function render(element: HTMLElement | null, text: string, isPlain: boolean): void {
  if (!element) return
  if (isPlain || text.length > MAX_FORMATTED) {
    const block = document.createElement('p')
    block.className = 'plain'
    block.textContent = text
    element.replaceChildren(block)
    return
  }
  const html = marked.parse(text, { async: false })
  element.replaceChildren(DOMPurify.sanitize(html, { ...PURIFY, ...copies() }))
}

/** DOMPurify wants lists that it may change. */
function copies() {
  return { ALLOWED_TAGS: [...PURIFY.ALLOWED_TAGS], ALLOWED_ATTR: [...PURIFY.ALLOWED_ATTR] }
}

function escapeHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
}
