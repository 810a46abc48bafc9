import type { ComponentChildren } from 'preact'
import { useState } from 'preact/hooks'
import { ConfirmDialog, Dialog } from '../../ui/dialog.tsx'
import { Icon } from '../../ui/icons.tsx'
import { type Column, Table } from '../../ui/table.tsx'
import { type Loaded, useAction } from '../context.ts'
import { Empty, Loading } from '../state.tsx'
import { useService } from './context.ts'

interface EditableProps<Item extends { id: string }, Data> {
  /** Where one is made; below it, each by its id, it is changed and deleted. */
  path: string
  loaded: Loaded<Data>
  itemsOf(data: Data): Item[]
  nameOf(item: Item): string
  columns: Column<Item>[]
  /** Stands beside the button that makes one. */
  head: ComponentChildren
  words: { add: string; none: string; noneText: string }
  /** The list is what the page is for. */
  isMain?: boolean
  /** What is filled in: of the item, or of a new one. */
  fieldsOf(item: Item | null): ComponentChildren
  bodyOf(fields: FormData): object
  isWide?: boolean
}

/** A list whose items are made, changed and deleted where they stand. */
export function EditableList<Item extends { id: string }, Data>({
  path,
  loaded,
  itemsOf,
  nameOf,
  head,
  words,
  isMain,
  fieldsOf,
  bodyOf,
  isWide,
  ...props
}: EditableProps<Item, Data>) {
  const { session, toasts, t } = useService()
  const [edited, setEdited] = useState<Item | 'new' | null>(null)
  const [deleted, setDeleted] = useState<Item | null>(null)
  const { run } = useAction()
  const item = edited === 'new' ? null : edited

  function save(fields: FormData) {
    void run(async () => {
      const body = bodyOf(fields)
      if (item) await session.call(`${path}/${item.id}`, { method: 'PUT', body })
      else await session.call(path, { method: 'POST', body })
      toasts.say(t('saved'))
      loaded.reload()
    })
  }

  function remove(gone: Item) {
    void run(async () => {
      await session.call(`${path}/${gone.id}`, { method: 'DELETE' })
      toasts.say(t('deleted', { name: nameOf(gone) }))
      loaded.reload()
    })
  }

  const acts: Column<Item> = {
    name: 'edit',
    label: '',
    kind: 'end',
    cell: row => (
      <span class="row-acts">
        <button
          type="button"
          class="button quiet"
          aria-label={`${t('edit')} ${nameOf(row)}`}
          onClick={() => setEdited(row)}
        >
          <Icon name="pencil" size={18} />
        </button>
        <button
          type="button"
          class="button quiet danger"
          aria-label={`${t('delete')} ${nameOf(row)}`}
          onClick={() => setDeleted(row)}
        >
          <Icon name="trash" size={18} />
        </button>
      </span>
    ),
  }
  const columns = [...props.columns, acts]

  return (
    <section class="card">
      <div class="toolbar">
        {head}
        <button
          type="button"
          class={`button push ${isMain ? 'primary' : ''}`}
          onClick={() => setEdited('new')}
        >
          <Icon name="plus" size={18} />
          {words.add}
        </button>
      </div>
      <Loading of={loaded}>
        {data => {
          const rows = itemsOf(data)
          if (rows.length === 0) return <Empty title={words.none} text={words.noneText} />
          return <Table columns={columns} rows={rows} keyOf={({ id }) => id} />
        }}
      </Loading>
      {edited && (
        <Dialog
          title={item ? t('edit') : words.add}
          confirm={t('save')}
          cancel={t('cancel')}
          isWide={isWide}
          onAnswer={(isConfirmed, fields) => {
            if (isConfirmed) save(fields)
            setEdited(null)
          }}
        >
          {fieldsOf(item)}
        </Dialog>
      )}
      {deleted && (
        <ConfirmDialog
          title={t('deleteTitle', { name: nameOf(deleted) })}
          confirm={t('delete')}
          cancel={t('cancel')}
          isDangerous
          onAnswer={isConfirmed => {
            if (isConfirmed) remove(deleted)
            setDeleted(null)
          }}
        >
          {t('deleteText')}
        </ConfirmDialog>
      )}
    </section>
  )
}
