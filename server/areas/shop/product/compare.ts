import { type Language, OperationError, type OperationOutput, type Product } from '#protocol'
import { labelOf } from '../../../answering/retrieval/catalogue/facts.ts'
import type { ProductDeps, ProductHandlers } from './deps.ts'
import { languageOf } from './language.ts'
import { productWords } from './words.ts'

type Comparison = OperationOutput<'product:compare'>['comparison']
type Value = Comparison['rows'][number]['values'][number]

export function compareHandler(deps: ProductDeps): ProductHandlers['product:compare'] {
  return async ({ product_ids, language }, call) => {
    const current = await deps.readActive()
    const products = current ? await deps.storage.byIds(current.version, product_ids) : []
    const missing = product_ids.find(id => !products.some(product => product.id === id))
    if (missing !== undefined)
      throw new OperationError('NOT_FOUND', `There is no product ${missing}.`, { product_id: missing })
    return {
      comparison: comparisonOf(products, languageOf(language, call)),
      as_of: new Date(deps.clock()).toISOString(),
    }
  }
}

/** Products side by side: price, category and every column that one of them has, with the rows' own values (law A3). */
function comparisonOf(products: readonly Product[], language: Language): Comparison {
  const words = productWords[language]
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
