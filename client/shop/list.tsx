import { basePath } from '../ui/base-path.ts'
import './shop.css'
import { render } from 'preact'
import { useEffect, useState } from 'preact/hooks'
import type { Product } from '#protocol'
import { Icon } from '../ui/icons.tsx'
import { priceLabel } from '../ui/price.ts'
import { embed } from './embed.ts'
import { Illustration } from './illustration.tsx'
import { fetchProducts } from './products.ts'
import { type PageProps, Shell } from './shell.tsx'

const pageSize = 24
/** Categories are read off this many products: the contract lists products, not categories. */
const sampleSize = 100
const typingPauseMs = 250

interface Result {
  items: Product[]
  total: number
  hasMore: boolean
}

function List({ t, language }: PageProps) {
  const parameters = new URLSearchParams(location.search)
  const [query, setQuery] = useState(parameters.get('q') ?? '')
  const [category, setCategory] = useState(parameters.get('category') ?? '')
  const categories = useCategories()
  const { result, isFailed, loadMore, reload } = useResult(query, category)

  return (
    <>
      <div class="tools">
        <label class="search">
          <span class="hidden">{t('search')}</span>
          <Icon name="search" />
          <input
            class="input"
            type="search"
            value={query}
            placeholder={t('searchHint')}
            onInput={event => setQuery(event.currentTarget.value)}
          />
        </label>
        <div class="filters">
          {['', ...categories].map(name => (
            <button
              key={name}
              type="button"
              class="filter"
              aria-pressed={name === category}
              onClick={() => setCategory(name)}
            >
              {name || t('all')}
            </button>
          ))}
        </div>
      </div>
      <p class="muted count" role="status">
        {result
          ? result.total === 1
            ? t('one')
            : t('count', { count: result.total })
          : !isFailed && t('loading')}
      </p>
      {isFailed && (
        <div class="empty">
          <h2>{t('failed')}</h2>
          <button type="button" class="button" onClick={reload}>
            {t('retry')}
          </button>
        </div>
      )}
      {result?.total === 0 && (
        <div class="empty">
          <h2>{t('none')}</h2>
          <p class="muted">{t('noneText')}</p>
        </div>
      )}
      <ul class="grid">
        {result
          ? result.items.map(product => (
              <Card key={product.id} product={product} price={priceLabel(product, language)} />
            ))
          : !isFailed && Array.from({ length: 8 }, (_, index) => <li key={index} class="card skeleton" />)}
      </ul>
      {result?.hasMore && (
        <button type="button" class="button more" onClick={loadMore}>
          {t('more')}
        </button>
      )}
    </>
  )
}

function Card({ product, price }: { product: Product; price: string }) {
  return (
    <li class="card">
      <a href={`${basePath}/products/${encodeURIComponent(product.id)}`}>
        <Illustration product={product} />
        <div class="facts">
          <p class="category">{product.category}</p>
          <h2>{product.name}</h2>
          <p class="muted short">{product.short_description}</p>
          <p class="price">{price}</p>
        </div>
      </a>
    </li>
  )
}

function useCategories(): string[] {
  const [categories, setCategories] = useState<string[]>([])
  useEffect(() => {
    fetchProducts({ page_size: sampleSize })
      .then(({ items }) =>
        setCategories([...new Set(items.flatMap(({ category }) => category ?? []))].sort()),
      )
      .catch(() => {}) // The list itself says what is wrong.
  }, [])
  return categories
}

function useResult(query: string, category: string) {
  const [result, setResult] = useState<Result | null>(null)
  const [isFailed, setFailed] = useState(false)
  const [tries, setTries] = useState(0)
  const [page, setPage] = useState(1)

  useEffect(() => setPage(1), [query, category])

  useEffect(() => {
    const abort = new AbortController()
    const search = new URLSearchParams(Object.entries({ q: query, category }).filter(([, value]) => value))
    history.replaceState(null, '', search.size ? `?${search}` : location.pathname)
    const timer = setTimeout(load, query ? typingPauseMs : 0)

    async function load() {
      try {
        const filters = { query, category, page, page_size: pageSize }
        const { items, pagination } = await fetchProducts(filters, abort.signal)
        setFailed(false)
        setResult(before => ({
          items: page === 1 ? items : [...(before?.items ?? []), ...items],
          total: pagination.total,
          hasMore: pagination.has_next,
        }))
      } catch {
        if (!abort.signal.aborted) setFailed(true)
      }
    }

    return () => {
      clearTimeout(timer)
      abort.abort()
    }
  }, [query, category, page, tries])

  return {
    result: isFailed ? null : result,
    isFailed,
    loadMore: () => setPage(page + 1),
    reload() {
      setFailed(false)
      setTries(tries + 1)
    },
  }
}

render(<Shell>{props => <List {...props} />}</Shell>, document.getElementById('page') as HTMLElement)
embed()
