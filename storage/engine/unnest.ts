import type { AnySql } from './transaction.ts'

export type ColumnType =
  | 'uuid'
  | 'text'
  | 'int'
  | 'smallint'
  | 'bigint'
  | 'boolean'
  | 'timestamptz'
  | 'json'
  | 'jsonb'

/** JSON never holds this character as it is (it would be escaped): so a column of JSON needs no quoting. */
const separator = '\x1e'

/**
 * Many rows as one relation `x` of a statement, an array for each column: PostgreSQL reads them in a fraction of the time
 * that it takes for JSON. `json` and `jsonb` columns are given as values, and null is SQL's.
 * @param columns their names and types, in order
 */
export function unnestRows<Name extends string>(columns: Record<Name, ColumnType>) {
  const names = Object.keys(columns) as Name[]
  const list = names.join(', ')
  const arrays = names.map(name =>
    isJson(columns[name])
      ? ['string_to_array(', `, chr(30), '')::${columns[name]}[]`]
      : ['', `::${columns[name]}[]`],
  )
  // What a tagged template would be: the driver prepares one statement for each.
  const texts = [...arrays, ['']].map(
    ([before], at) =>
      (at === 0 ? 'unnest(' : `${arrays[at - 1]![1]}${at < arrays.length ? ', ' : ''}`) + before,
  )
  texts[texts.length - 1] += `) as x(${list})`
  const template = Object.assign(texts, { raw: texts }) as unknown as TemplateStringsArray

  function of(sql: AnySql, rows: readonly Record<Name, unknown>[]) {
    const values = names.map(name => {
      const column = rows.map(row => row[name] ?? null)
      if (isJson(columns[name])) return column.map(toJson).join(separator)
      // The driver takes a list that begins with a boolean for one.
      return columns[name] === 'boolean' ? column.map(String) : column
    })
    return sql(template, ...(values as never[]))
  }
  return { list, of }
}

function isJson(type: ColumnType): boolean {
  return type === 'json' || type === 'jsonb'
}

function toJson(value: unknown): string {
  return value === null ? '' : JSON.stringify(value)
}
