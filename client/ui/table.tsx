import type { ComponentChildren } from 'preact'

export interface Column<R> {
  name: string
  /** Empty for a column of buttons. */
  label: string
  /** `number` aligns digits, `wide` is left out on a phone, `end` is for buttons. */
  kind?: 'number' | 'wide' | 'number wide' | 'end'
  cell(row: R): ComponentChildren
}

interface Props<R> {
  columns: Column<R>[]
  rows: R[]
  keyOf(row: R): string | number
}

export function Table<R>({ columns, rows, keyOf }: Props<R>) {
  return (
    <div class="table">
      <table>
        <thead>
          <tr>
            {columns.map(({ name, label, kind }) => (
              <th key={name} scope="col" class={kind}>
                {label}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(row => (
            <tr key={keyOf(row)}>
              {columns.map(({ name, kind, cell }) => (
                <td key={name} class={kind}>
                  {cell(row)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
