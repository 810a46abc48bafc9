import { type ColumnType, unnestRows } from './unnest.ts'

/**
 * A row's columns, each named once: its type, and when it is written. The lists of a statement are derived from it, and the
 * compiler asks for a column that `Row` has and this does not.
 * @param columns `[type, when]` by name, in the order of the statement
 */
export function describeRow<Row extends object>() {
  return function describe<When extends string>(
    columns: Readonly<Record<keyof Row & string, readonly [ColumnType, When]>>,
  ) {
    type Name = keyof Row & string
    const all = Object.keys(columns) as Name[]
    const types: Record<string, ColumnType> = Object.fromEntries(all.map(name => [name, columns[name][0]]))

    function names(...when: When[]): Name[] {
      return all.filter(name => when.includes(columns[name][1]))
    }

    /** Rows with these columns, as the relation `x` of a statement (`unnest.ts`). */
    function rows<Chosen extends Name, Extra extends string = never>(
      chosen: readonly Chosen[],
      extra = {} as Record<Extra, ColumnType>,
    ) {
      const own = Object.fromEntries(chosen.map(name => [name, types[name]]))
      return unnestRows<Chosen | Extra>({ ...own, ...extra } as Record<Chosen | Extra, ColumnType>)
    }

    return { all, types, names, rows }
  }
}

/** `a = x.a, b = x.b`: for `update`, with the relation `x`. */
export function assignments(names: readonly string[]): string {
  return names.map(name => `${name} = x.${name}`).join(', ')
}

/** `h.a, h.b` */
export function columnList(names: readonly string[], alias: string): string {
  return names.map(name => `${alias}.${name}`).join(', ')
}
