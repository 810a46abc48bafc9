import type { ComponentChildren } from 'preact'
import { useMemo } from 'preact/hooks'
import { type Block, type Inline, keepMarks, parseMarkdown } from './markdown.ts'
import { renderLink } from './plain-text.tsx'

export interface MarkupProps {
  content: string
  /** Reference numbers that can be opened. */
  known?: ReadonlySet<number>
  sourceLabel?(number: number): string
  onSource?(number: number): void
}

/** Markdown straight to nodes: no HTML is parsed, nothing is loaded, links are http(s) only. */
export function Markup({ content, known, sourceLabel, onSource }: MarkupProps) {
  const blocks = useMemo(() => parseMarkdown(content), [content])
  return <>{blocks.map(renderBlock)}</>

  function renderBlock(block: Block): ComponentChildren {
    switch (block.type) {
      case 'code':
        return (
          // biome-ignore lint/a11y/noNoninteractiveTabindex: what can be scrolled must be reachable by the keyboard
          <pre dir="ltr" tabIndex={0}>
            <code>{block.text}</code>
          </pre>
        )
      case 'list': {
        const items = block.items.map(({ depth, children }) => (
          <li class={depth ? 'nested' : undefined}>{renderInline(children)}</li>
        ))
        return block.start === null ? <ul>{items}</ul> : <ol start={block.start}>{items}</ol>
      }
      case 'table':
        return (
          // biome-ignore lint/a11y/noNoninteractiveTabindex: as above
          <div class="table" tabIndex={0}>
            <table>
              <thead>
                <tr>
                  {block.head.map(cell => (
                    <th>{renderInline(cell)}</th>
                  ))}
                </tr>
              </thead>
              <tbody>
                {block.rows.map(row => (
                  <tr>
                    {row.map(cell => (
                      <td>{renderInline(cell)}</td>
                    ))}
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        )
      case 'quote':
        return <blockquote>{renderInline(block.children)}</blockquote>
      default:
        return <p class={block.type}>{renderInline(block.children)}</p>
    }
  }

  function renderInline(children: Inline[]): ComponentChildren {
    return keepMarks(children).map(child =>
      Array.isArray(child) ? <span class="kept">{child.map(renderSpan)}</span> : renderSpan(child),
    )
  }

  function renderSpan(child: Inline): ComponentChildren {
    if (typeof child === 'string') return child
    switch (child.type) {
      case 'strong':
        return <strong>{renderInline(child.children)}</strong>
      case 'em':
        return <em>{renderInline(child.children)}</em>
      case 'code':
        return <code>{child.text}</code>
      case 'link':
        return renderLink(child)
      default:
        return renderReference(child.number)
    }
  }

  function renderReference(number: number): ComponentChildren {
    return (
      <sup>
        <button
          type="button"
          class="mark"
          disabled={!known?.has(number)}
          aria-label={sourceLabel?.(number)}
          onClick={() => onSource?.(number)}
        >
          {number}
        </button>
      </sup>
    )
  }
}
