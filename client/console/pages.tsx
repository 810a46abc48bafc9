import { useEffect, useState } from 'preact/hooks'
import type { Page } from '#protocol'
import { Pager } from '../ui/pager.tsx'
import { type Column, Table } from '../ui/table.tsx'
import { type Loaded, useConsole, useLoaded } from './context.ts'
import { Empty, Loading } from './state.tsx'

interface Pages<R> extends Loaded<Page<R>> {
  setPage(page: number): void
}

const pageSize = 20

/** A list of the server's, page by page; another filter begins at the first. Empty filters are left out. */
export function usePages<R>(path: string, filter: Record<string, string> = {}): Pages<R> {
  const [page, setPage] = useState(1)
  const query = new URLSearchParams(Object.entries(filter).filter(([, value]) => value !== ''))
  const chosen = query.toString()
  useEffect(() => setPage(1), [chosen])
  query.set('page', String(page))
  query.set('page_size', String(pageSize))
  return { ...useLoaded<Page<R>>(`${path}?${query}`), setPage }
}

interface Props<R> {
  of: Pages<R>
  columns: Column<R>[]
  keyOf(row: R): string
  /** Where there is nothing at all. */
  empty: { title: string; text: string }
}

export function PagedTable<R>({ of, columns, keyOf, empty }: Props<R>) {
  const { t } = useConsole()
  return (
    <Loading of={of}>
      {({ items, pagination }) =>
        items.length === 0 ? (
          <Empty {...empty} />
        ) : (
          <>
            <Table columns={columns} rows={items} keyOf={keyOf} />
            <Pager
              pagination={pagination}
              label={t('page', { page: pagination.page, pages: pagination.total_pages })}
              previous={t('previous')}
              next={t('next')}
              onPage={of.setPage}
            />
          </>
        )
      }
    </Loading>
  )
}

interface SearchProps {
  label: string
  value: string
  onSearch(value: string): void
}

export function SearchField({ label, value, onSearch }: SearchProps) {
  return (
    <input
      class="input"
      type="search"
      value={value}
      placeholder={label}
      aria-label={label}
      onInput={event => onSearch(event.currentTarget.value)}
    />
  )
}

interface SelectProps<V extends string> {
  label: string
  value: V
  options: readonly (readonly [value: NoInfer<V>, label: string])[]
  onSelect(value: NoInfer<V>): void
}

export function Select<V extends string>({ label, value, options, onSelect }: SelectProps<V>) {
  return (
    <select
      class="input select"
      aria-label={label}
      value={value}
      onChange={event => onSelect(event.currentTarget.value as V)}
    >
      {options.map(([option, name]) => (
        <option key={option} value={option}>
          {name}
        </option>
      ))}
    </select>
  )
}
