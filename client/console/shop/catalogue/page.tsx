import { useMemo, useState } from 'preact/hooks'
import type { Product } from '#protocol'
import { basePath } from '../../../ui/base-path.ts'
import { priceLabel } from '../../../ui/price.ts'
import type { Column } from '../../../ui/table.tsx'
import { useConsole, useLoaded, useSettled } from '../../context.ts'
import { PagedTable, SearchField, usePages } from '../../pages.tsx'
import { Import } from './import.tsx'
import { Versions } from './versions.tsx'
import { translator } from './words.ts'

export function ProductsView() {
  const { t } = useConsole(translator)
  const [search, setSearch] = useState('')
  const products = usePages('catalogue:list', { search: useSettled(search) })
  const versions = useLoaded('catalogue:versions', { page_size: 20 })
  const columns = useColumns()

  function reload() {
    products.setPage(1)
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
          <SearchField label={t('searchProducts')} value={search} onSearch={setSearch} />
        </div>
        <PagedTable
          of={products}
          columns={columns}
          keyOf={product => product.id}
          empty={{ title: t('noProducts'), text: t('noProductsText') }}
        />
      </section>
      <Versions versions={versions} onRestored={reload} />
    </>
  )
}

function useColumns(): Column<Product>[] {
  const { language, t } = useConsole(translator)
  return useMemo(
    () => [
      { name: 'id', label: t('id'), cell: ({ id }) => <span class="muted">{id}</span> },
      {
        name: 'name',
        label: t('name'),
        cell: ({ id, name }) => (
          <a href={`${basePath}/products/${encodeURIComponent(id)}`} target="_blank" rel="noopener">
            {name}
          </a>
        ),
      },
      { name: 'category', label: t('category'), kind: 'wide', cell: ({ category }) => category },
      {
        name: 'specs',
        label: t('specs'),
        kind: 'number wide',
        cell: ({ specs }) => Object.keys(specs).length,
      },
      { name: 'price', label: t('price'), kind: 'number', cell: product => priceLabel(product, language) },
    ],
    [language, t],
  )
}
