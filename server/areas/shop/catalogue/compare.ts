import type { Language, OperationOutput, Product } from '#protocol'
import { labelOf } from '../../../answering/retrieval/catalogue/facts.ts'
import { catalogueWords } from './words.ts'

type Comparison = OperationOutput<'product:compare'>['comparison']
type Value = Comparison['rows'][number]['values'][number]

/** Products side by side: price, category and every column that one of them has, with the rows' own values (law A3). */
export function comparisonOf(products: readonly Product[], language: Language): Comparison {
  const words = catalogueWords[language]
  const keys = [...new Set(products.flatMap(product => Object.keys(product.specs)))]
  const currencies = [
    ...new Set(products.map(product => product.currency).filter(currency => currency !== null)),
  ]
  const [only, ...others] = currencies
  const rows = [
    row(
      'price',
      language,
      products.map(product => product.price),
    ),
    row(
      'category',
      language,
      products.map(product => product.category),
    ),
  ]
  if (others.length > 0)
    rows.splice(1, 0, {
      ...row(
        'currency',
        language,
        products.map(product => product.currency),
      ),
      label: words.currency,
    })
  else if (only) rows[0]!.label = words.labelIn(rows[0]!.label, only)
  for (const key of keys)
    rows.push(
      row(
        key,
        language,
        products.map(product => product.specs[key] ?? null),
      ),
    )
  return { columns: products.map(({ id, name }) => ({ product_id: id, name })), rows }
}

function row(field: string, language: Language, values: Value[]) {
  return { field, label: labelOf(field, language), values, differs: new Set(values).size > 1 }
}
