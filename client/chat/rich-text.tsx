import { useEffect, useMemo, useRef, useState } from 'preact/hooks'
import type { Message } from '#protocol'
import { AnswerText } from '../ui/answer-text.tsx'
import { Icon } from '../ui/icons.tsx'
import { useChat } from './context.ts'
import type { highlight } from './highlight.tsx'
import { formulaMark, markFormulas, splitParts } from './rich-parts.ts'

interface Props extends Pick<Message, 'content' | 'references'> {
  /** What is on its way is neither coloured nor set. */
  isStreaming: boolean
  onSource(number: number): void
}

/** An answer with its code, formulas and tables. */
export function RichText({ content, ...rest }: Props) {
  const parts = useMemo(() => splitParts(content), [content])
  return (
    <>
      {parts.map((part, index) =>
        part.type === 'code' ? (
          <CodeBlock key={index} {...part} isStreaming={rest.isStreaming} />
        ) : part.type === 'formula' ? (
          <Formula key={index} text={part.text} isStreaming={rest.isStreaming} />
        ) : (
          <Prose key={rest.isStreaming ? index : `${index} ${part.text}`} {...rest} content={part.text} />
        ),
      )}
    </>
  )
}

/** Formulas in it are set once it is whole; it is made anew when it changes. */
function Prose({ content, references, isStreaming, onSource }: Props) {
  const { t } = useChat()
  const box = useRef<HTMLDivElement>(null)
  const marked = useMemo(() => markFormulas(content), [content])

  useEffect(() => {
    if (isStreaming || !marked.includes(formulaMark)) return
    const found = [...(box.current?.querySelectorAll('code') ?? [])]
    for (const element of found.filter(({ textContent }) => textContent.startsWith(formulaMark)))
      void setFormula(element, element.textContent.slice(formulaMark.length), false)
  }, [marked, isStreaming])

  return (
    <div class="prose" ref={box}>
      <AnswerText content={marked} references={references} t={t} onSource={onSource} />
    </div>
  )
}

/** As MathML, which browsers set by themselves; what is no formula stays as it was written. */
async function setFormula(element: HTMLElement, text: string, isBlock: boolean): Promise<void> {
  try {
    const { default: katex } = await import('katex')
    katex.render(text, element, { displayMode: isBlock, output: 'mathml', strict: false, maxExpand: 200 })
    element.classList.add('formula')
  } catch {
    element.textContent = text
  }
}

function Formula({ text, isStreaming }: { text: string; isStreaming: boolean }) {
  const box = useRef<HTMLDivElement>(null)
  useEffect(() => {
    const { current } = box
    if (!current) return
    if (isStreaming) current.textContent = text
    else void setFormula(current, text, true)
  }, [text, isStreaming])
  // biome-ignore lint/a11y/noNoninteractiveTabindex: what can be scrolled must be reachable by the keyboard
  return <div ref={box} class="formula-block" tabIndex={0} />
}

const copiedMs = 2000

interface CodeProps {
  language: string
  text: string
  isStreaming: boolean
}

function CodeBlock({ language, text, isStreaming }: CodeProps) {
  const { t } = useChat()
  const [paint, setPaint] = useState<{ highlight: typeof highlight } | null>(null)
  const [isCopied, setCopied] = useState(false)

  useEffect(() => {
    if (!isStreaming && language) import('./highlight.tsx').then(setPaint, () => {})
  }, [isStreaming, language])

  async function copy() {
    await navigator.clipboard.writeText(text)
    setCopied(true)
    setTimeout(() => setCopied(false), copiedMs)
  }

  return (
    <figure class="code">
      <figcaption>
        <span>{language}</span>
        {navigator.clipboard && (
          <button
            type="button"
            aria-label={t(isCopied ? 'copied' : 'copyCode')}
            title={t('copyCode')}
            onClick={copy}
          >
            <Icon name={isCopied ? 'check' : 'copy'} size={14} />
          </button>
        )}
      </figcaption>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: as above */}
      <pre dir="ltr" tabIndex={0}>
        <code>{paint && !isStreaming ? paint.highlight(text, language) : text}</code>
      </pre>
    </figure>
  )
}
