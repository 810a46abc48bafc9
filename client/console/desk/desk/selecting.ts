import { bulkMax } from '#protocol/core/limits'
import type { Store } from '../../../sdk/store.ts'
import type { DeskState } from './desk.ts'

/** What an agent selects in a list, to do something in all of it. */
export interface Selecting {
  /** In or out; begins selecting where nothing was selected. */
  select(row: SelectedRow): void
  /** All of these, up to `bulkMax`. */
  selectAll(rows: readonly SelectedRow[]): void
  /** With nothing selected yet; false: no longer. */
  setSelecting(isSelecting: boolean): void
}

export interface SelectedRow {
  /** Of the conversation. */
  id: string
  name: string
}

/** Names by conversation id. */
export type Selected = ReadonlyMap<string, string>

export function createSelecting({ get, set }: Store<DeskState>): Selecting {
  const toEntries = (rows: readonly SelectedRow[]) => rows.map(({ id, name }) => [id, name] as const)
  return {
    select({ id, name }) {
      const selected = new Map(get().selected)
      if (!selected.delete(id) && selected.size < bulkMax) selected.set(id, name)
      set({ selected })
    },
    selectAll: rows => set({ selected: new Map(toEntries(rows.slice(0, bulkMax))) }),
    setSelecting: isSelecting => set({ selected: isSelecting ? new Map() : null }),
  }
}
