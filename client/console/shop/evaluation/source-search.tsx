import { useState } from 'preact/hooks'
import type { ExpectedSource } from '#protocol/shop/evaluation'
import { useConsole, useLoaded, useSettled } from '../../context.ts'
import { translator } from './words.ts'

const foundMax = 5

/** Finds what could be cited: documents, products and curated answers. */
export function SourceSearch({ onPick }: { onPick(source: ExpectedSource): void }) {
  const { t } = useConsole(translator)
  const [text, setText] = useState('')
  const search = useSettled(text.trim())
  return (
    <>
      <input
        class="input"
        type="search"
        dir="auto"
        value={text}
        maxLength={200}
        placeholder={t('searchSources')}
        aria-label={t('searchSources')}
        onInput={event => setText(event.currentTarget.value)}
        onKeyDown={event => event.key === 'Enter' && event.preventDefault()}
      />
      {search !== '' && (
        <Found
          search={search}
          onPick={source => {
            onPick(source)
            setText('')
          }}
        />
      )}
    </>
  )
}

function Found({ search, onPick }: { search: string; onPick(source: ExpectedSource): void }) {
  const { t } = useConsole(translator)
  const query = { search, page_size: foundMax }
  const documents = useLoaded('document:list', query).data?.items ?? []
  const products = useLoaded('catalogue:list', query).data?.items ?? []
  const articles = useLoaded('article:list', query).data?.items ?? []
  const found: ExpectedSource[] = [
    ...documents.map(({ doc_id, title }) => ({ source: 'document' as const, source_id: doc_id, title })),
    ...products.map(({ id, name }) => ({ source: 'product' as const, source_id: id, title: name })),
    ...articles.map(({ id, questions }) => ({
      source: 'article' as const,
      source_id: id,
      title: questions[0]!,
    })),
  ]
  return (
    <ul aria-live="polite">
      {found.map(one => (
        <li key={`${one.source} ${one.source_id}`}>
          <span class="tag">{t(one.source)}</span>
          <button
            type="button"
            class="link"
            dir="auto"
            aria-label={t('addSource', { title: one.title })}
            onClick={() => onPick(one)}
          >
            {one.title}
          </button>
        </li>
      ))}
    </ul>
  )
}
