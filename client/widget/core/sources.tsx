import { useEffect, useRef, useState } from 'preact/hooks'
import type { Product, Reference } from '#protocol'
import { Glyph } from '../../ui/glyph.tsx'
import * as glyphs from '../../ui/glyphs.tsx'
import { priceLabel } from '../../ui/price.ts'
import { SourceLink } from '../../ui/source-link.tsx'
import { useWidget } from './context.ts'
import { dateLabel } from './dates.ts'

interface Props {
  references: Reference[]
  /** Number of the source whose card is open. */
  opened: number | null
  onOpen(number: number | null): void
}

export function Sources({ references, opened, onOpen }: Props) {
  const { t } = useWidget()
  return (
    <section class="sources" aria-label={t('sources')}>
      {references.map(reference => (
        <SourceCard
          key={reference.number}
          reference={reference}
          isOpen={reference.number === opened}
          onToggle={() => onOpen(reference.number === opened ? null : reference.number)}
        />
      ))}
    </section>
  )
}

function SourceCard(props: { reference: Reference; isOpen: boolean; onToggle(): void }) {
  const { reference, isOpen, onToggle } = props
  const { number, source, title, quote, url, updated_at } = reference
  const { language, t } = useWidget()
  const card = useRef<HTMLDivElement>(null)
  const product = useProduct(reference)

  useEffect(() => {
    if (isOpen) card.current?.scrollIntoView({ block: 'nearest', behavior: 'smooth' })
  }, [isOpen])

  return (
    <div class={isOpen ? 'source open' : 'source'} ref={card}>
      <button type="button" class="row" aria-expanded={isOpen} onClick={onToggle}>
        <span class="number">{number}</span>
        <Glyph of={source === 'product' ? glyphs.product : glyphs.document} size={16} />
        <span class="title">{title}</span>
        {product && <span class="price">{priceLabel(product, language)}</span>}
      </button>
      {isOpen && (
        <div class="detail">
          {product?.short_description && <p>{product.short_description}</p>}
          <blockquote>{quote}</blockquote>
          <p class="foot">
            <span>{t('updated', { date: dateLabel(updated_at, language) })}</span>
            <SourceLink url={url} label={t('openSource')} />
          </p>
        </div>
      )}
    </div>
  )
}

function useProduct({ source, source_id }: Reference): Product | null {
  const { model } = useWidget()
  const [product, setProduct] = useState<Product | null>(null)
  useEffect(() => {
    if (source === 'product') model.products.find(source_id).then(setProduct)
  }, [model, source, source_id])
  return product
}
