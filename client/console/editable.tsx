import type { ComponentChildren } from 'preact'
import { useState } from 'preact/hooks'
import type { ParleyError } from '../sdk/error.ts'
import { ConfirmDialog } from '../ui/dialog.tsx'
import type { Changes } from '../ui/form.ts'
import { Icon } from '../ui/icons.tsx'
import { type Column, Table } from '../ui/table.tsx'
import { type Loaded, useAction, useConsole } from './context.ts'
import { EditDialog } from './edit-dialog.tsx'
import { Empty, Loading } from './state.tsx'

interface EditableProps<Item extends { id: string }, Values extends object, Data> {
  /** Makes one, where there is no id yet, or changes what is given of the one that has it. */
  onSave(id: string | undefined, values: Partial<NoInfer<Values>>): Promise<unknown>
  /** Why it was not saved, where the page knows better than the code says. */
  problemOf?: (error: ParleyError) => string | false
  onDelete(id: string): Promise<unknown>
  loaded: Loaded<Data>
  itemsOf(data: Data): Item[]
  nameOf(item: Item): string
  columns: Column<Item>[]
  /** Stands beside the button that makes one. */
  head: ComponentChildren
  /** Stands below the list. */
  foot?: (data: Data) => ComponentChildren
  words: { add: string; none: string; noneText: string }
  /** The list is what the page is for. */
  isMain?: boolean
  /** What is filled in: of the item, or of a new one. Named as the server names it. */
  valuesOf(item: Item | null): Values
  /** With the item as it is stored; null for a new one. */
  fieldsOf(values: Values, change: (to: Partial<Values>) => void, item: Item | null): ComponentChildren
  isWide?: boolean
}

/** A list whose items are made, changed and deleted where they stand. */
export function EditableList<Item extends { id: string }, Values extends object, Data>({
  onSave,
  problemOf,
  onDelete,
  loaded,
  itemsOf,
  nameOf,
  head,
  foot,
  words,
  isMain,
  valuesOf,
  fieldsOf,
  isWide,
  ...props
}: EditableProps<Item, Values, Data>) {
  const { toasts, t } = useConsole()
  const [edited, setEdited] = useState<Item | 'new' | null>(null)
  const [deleted, setDeleted] = useState<Item | null>(null)
  const { run } = useAction()
  const item = edited === 'new' ? null : edited

  async function save(changes: Changes<Values> | null, values: Values) {
    if (item && !changes) return
    await onSave(item?.id, item ? (changes as Partial<Values>) : values)
    toasts.say(t('saved'))
    loaded.reload()
  }

  function remove(gone: Item) {
    void run(async () => {
      await onDelete(gone.id)
      toasts.say(t('deleted', { name: nameOf(gone) }))
      loaded.reload()
    })
  }

  const columns = [...props.columns, useRowActions<Item>({ nameOf, onEdit: setEdited, onDelete: setDeleted })]

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
          return (
            <>
              <Table columns={columns} rows={rows} keyOf={({ id }) => id} />
              {foot?.(data)}
            </>
          )
        }}
      </Loading>
      {edited && (
        <EditDialog
          title={item ? t('edit') : words.add}
          isWide={isWide}
          loaded={valuesOf(item)}
          onSave={save}
          problemOf={problemOf}
          onClose={() => setEdited(null)}
        >
          {(values, change) => fieldsOf(values, change, item)}
        </EditDialog>
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

interface ActionsOptions<Item> {
  nameOf(item: Item): string
  onEdit(item: Item): void
  onDelete(item: Item): void
}

function useRowActions<Item>({ nameOf, onEdit, onDelete }: ActionsOptions<Item>): Column<Item> {
  const { t } = useConsole()
  return {
    name: 'edit',
    label: '',
    kind: 'end',
    cell: row => (
      <span class="row-acts">
        <button
          type="button"
          class="button quiet"
          aria-label={`${t('edit')} ${nameOf(row)}`}
          onClick={() => onEdit(row)}
        >
          <Icon name="pencil" size={18} />
        </button>
        <button
          type="button"
          class="button quiet danger"
          aria-label={`${t('delete')} ${nameOf(row)}`}
          onClick={() => onDelete(row)}
        >
          <Icon name="trash" size={18} />
        </button>
      </span>
    ),
  }
}
