import { useEffect, useRef, useState } from 'preact/hooks'
import type { Product, Reference } from '#protocol'
import { priceLabel } from '../../ui/price.ts'
import { References } from '../../ui/references.tsx'
import { useWidget } from './context.ts'
import { dateLabel } from './dates.ts'

interface Props {
  references: Reference[]
  /** Number of the source whose card is open. */
  opened: number | null
  onOpen(number: number | null): void
}

export function Sources(props: Props) {
  const { language, t } = useWidget()
  const list = useRef<HTMLUListElement>(null)
  const products = useProducts(props.references)

  useEffect(() => {
    list.current?.querySelector('.open')?.scrollIntoView({ block: 'nearest', behavior: 'smooth' })
  }, [props.opened])

  return (
    <References
      {...props}
      t={t}
      iconSize={16}
      list={list}
      aside={({ number }) => {
        const product = products.get(number)
        return product && <span class="price">{priceLabel(product, language)}</span>
      }}
      intro={({ number }) => {
        const description = products.get(number)?.short_description
        return description && <p>{description}</p>
      }}
      note={({ updated_at }) => <span>{t('updated', { date: dateLabel(updated_at, language) })}</span>}
    />
  )
}

/** Those that are products, by their number, as soon as they are known. */
function useProducts(references: Reference[]): ReadonlyMap<number, Product> {
  const { model } = useWidget()
  const [products, setProducts] = useState<ReadonlyMap<number, Product>>(new Map())
  useEffect(() => {
    for (const { source, source_id, number } of references) {
      if (source !== 'product') continue
      model.products
        .find(source_id)
        .then(product => product && setProducts(known => new Map(known).set(number, product)))
    }
  }, [model, references])
  return products
}
