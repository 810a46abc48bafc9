import { useEffect, useState } from 'preact/hooks'
import type { OperationInput, OperationOutput, Page } from '#protocol'
import type { RoutedName } from '#protocol/core/routes'
import type { Filter } from '../ui/http.ts'
import { Pager } from '../ui/pager.tsx'
import { type Column, Table } from '../ui/table.tsx'
import { type Loaded, useConsole, useLoaded } from './context.ts'
import { Empty, Loading } from './state.tsx'

interface Pages<R> extends Loaded<Page<R>> {
  setPage(page: number): void
}

const pageSize = 20

/** Operations that answer with a page of a list. */
type PagedName = {
  [K in RoutedName]: OperationOutput<K> extends Page<unknown> ? K : never
}[RoutedName]
type Row<K extends PagedName> = OperationOutput<K>['items'][number]

/** A list of the server's, page by page; another filter begins at the first. Empty filters are left out. */
export function usePages<K extends PagedName>(
  name: K,
  filter: Omit<Filter<OperationInput<K>>, 'page' | 'page_size'>,
): Pages<Row<K>> {
  const [page, setPage] = useState(1)
  useEffect(() => setPage(1), [JSON.stringify(filter)])
  const input = { ...filter, page, page_size: pageSize } as Filter<OperationInput<K>>
  return { ...(useLoaded(name, input) as Loaded<Page<Row<K>>>), setPage }
}

/** What a select says of something that is so, is not so, or may be either. */
export type Choice = '' | 'true' | 'false'

export function flagOf(choice: Choice): boolean | undefined {
  return choice === '' ? undefined : choice === 'true'
}

interface Props<R> {
  of: Pages<R>
  columns: Column<R>[]
  keyOf(row: R): string
  /** Where there is nothing at all. */
  empty: { title: string; text: string }
}

/** Leads from page to page of a list. */
export function PageSteps<R>({ of, pagination }: { of: Pages<R>; pagination: Page<R>['pagination'] }) {
  const { t } = useConsole()
  return (
    <Pager
      pagination={pagination}
      label={t('page', { page: pagination.page, pages: pagination.total_pages })}
      previous={t('previous')}
      next={t('next')}
      onPage={of.setPage}
    />
  )
}

export function PagedTable<R>({ of, columns, keyOf, empty }: Props<R>) {
  return (
    <Loading of={of}>
      {({ items, pagination }) =>
        items.length === 0 ? (
          <Empty {...empty} />
        ) : (
          <>
            <Table columns={columns} rows={items} keyOf={keyOf} />
            <PageSteps of={of} pagination={pagination} />
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
