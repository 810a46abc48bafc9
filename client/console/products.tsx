import { useState } from 'preact/hooks'
import type { OperationOutput, Product } from '#protocol'
import { Pager } from '../ui/pager.tsx'
import { priceLabel } from '../ui/price.ts'
import { useConsole, useLoaded, useSettled } from './context.ts'
import { Import } from './import.tsx'
import { Empty, Loading } from './state.tsx'
import { Versions } from './versions.tsx'

export function ProductsView() {
  const { t } = useConsole()
  const [search, setSearch] = useState('')
  const [page, setPage] = useState(1)
  const settled = useSettled(search)
  const query = new URLSearchParams({ page: String(page), page_size: '20', search: settled })
  const products = useLoaded<OperationOutput<'catalogue:list'>>(`/admin/products?${query}`)
  const versions = useLoaded<OperationOutput<'catalogue:versions'>>('/admin/products/versions?page_size=20')

  function reload() {
    setPage(1)
    products.reload()
    versions.reload()
  }

  return (
    <>
      <Import
        isDemo={versions.data?.items.some(({ active, demo }) => active && demo) ?? false}
        onImported={reload}
      />
      <section class="card">
        <div class="toolbar">
          <input
            class="input"
            type="search"
            value={search}
            placeholder={t('searchProducts')}
            aria-label={t('searchProducts')}
            onInput={event => {
              setSearch(event.currentTarget.value)
              setPage(1)
            }}
          />
        </div>
        <Loading of={products}>
          {({ items, pagination }) =>
            items.length === 0 ? (
              <Empty title={t('noProducts')} text={t('noProductsText')} />
            ) : (
              <>
                <ProductTable products={items} />
                <Pager
                  pagination={pagination}
                  label={t('page', { page: pagination.page, pages: pagination.total_pages })}
                  previous={t('previous')}
                  next={t('next')}
                  onPage={setPage}
                />
              </>
            )
          }
        </Loading>
      </section>
      <Versions versions={versions} onRestored={reload} />
    </>
  )
}

function ProductTable({ products }: { products: Product[] }) {
  const { language, t } = useConsole()
  return (
    <div class="table">
      <table>
        <thead>
          <tr>
            <th>{t('id')}</th>
            <th>{t('name')}</th>
            <th class="wide">{t('category')}</th>
            <th class="number wide">{t('specs')}</th>
            <th class="number">{t('price')}</th>
          </tr>
        </thead>
        <tbody>
          {products.map(product => (
            <tr key={product.id}>
              <td class="muted">{product.id}</td>
              <td>
                <a href={`/products/${encodeURIComponent(product.id)}`} target="_blank" rel="noopener">
                  {product.name}
                </a>
              </td>
              <td class="wide">{product.category}</td>
              <td class="number wide">{Object.keys(product.specs).length}</td>
              <td class="number">{priceLabel(product, language)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
