import type { ComponentChildren, Ref } from 'preact'
import type { Reference } from '#protocol'
import { isLinkable } from '#protocol/core/address'
import { Glyph } from './glyph.tsx'
import * as glyphs from './glyphs.tsx'
import type { Translate } from './i18n.ts'

interface Props {
  references: Reference[]
  /** Number of the one whose passage is shown. */
  opened: number | null
  onOpen(number: number | null): void
  t: Translate<'sources' | 'openSource'>
  iconSize: number
  list?: Ref<HTMLUListElement>
  /** After the title, above the passage, and under it. */
  aside?(reference: Reference): ComponentChildren
  intro?(reference: Reference): ComponentChildren
  note?(reference: Reference): ComponentChildren
}

/** What an answer was taken from; one at a time is open, with the words that were relied on. */
export function References({ references, opened, onOpen, t, iconSize, list, aside, intro, note }: Props) {
  return (
    <ul class="sources" aria-label={t('sources')} ref={list}>
      {references.map(reference => {
        const { number, source, title, quote, url } = reference
        const isOpen = number === opened
        return (
          <li key={number} class={isOpen ? 'source open' : 'source'}>
            <button type="button" aria-expanded={isOpen} onClick={() => onOpen(isOpen ? null : number)}>
              <span class="number">{number}</span>
              <Glyph of={source === 'product' ? glyphs.product : glyphs.document} size={iconSize} />
              <span class="title" dir="auto">
                {title}
              </span>
              {aside?.(reference)}
            </button>
            {isOpen && (
              <div class="detail">
                {intro?.(reference)}
                <blockquote dir="auto">{quote}</blockquote>
                <p class="foot">
                  {note?.(reference)}
                  {url && isLinkable(url) && (
                    <a href={url} target="_blank" rel="noopener noreferrer">
                      {t('openSource')} <Glyph of={glyphs.link} size={14} />
                    </a>
                  )}
                </p>
              </div>
            )}
          </li>
        )
      })}
    </ul>
  )
}
