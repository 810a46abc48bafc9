import { toPage } from '#protocol'
import type { auditOperations } from '#protocol/identity/audit'
import type { AuditEntry, AuditFilter, AuditRow, AuditStorage } from '#storage/identity/audit'
import { actorOf, type FileAnswer, type Handlers } from '../../core/call.ts'

export interface AuditDeps {
  storage: AuditStorage
}

const columns = [
  'id',
  'at',
  'scope',
  'action',
  'actor_id',
  'actor_role',
  'address',
  'request_id',
  'subject',
  'before',
  'after',
  'actor_name',
  'subject_name',
] as const satisfies readonly (keyof AuditRow)[]

const rowsAtOnce = 1000

/** Law S5: who did what, when, from where. */
export function auditArea({ storage }: AuditDeps) {
  const handlers: Handlers<typeof auditOperations> = {
    async 'audit:list'(query) {
      const { items, total } = await storage.list(query)
      return toPage(items, total, query)
    },

    async 'audit:download'(filter, call): Promise<FileAnswer> {
      await storage.add({ actor: actorOf(call), scope: 'audit', action: 'audit:download', after: filter })
      return { name: 'audit.csv', mime: 'text/csv; charset=utf-8', body: csvOf(filter) }
    },
  }

  async function* csvOf(filter: AuditFilter): AsyncGenerator<string> {
    yield `${columns.join(',')}\r\n`
    let rows: AuditRow[] = []
    do {
      rows = await storage.before(filter, rows.at(-1)?.id ?? null, rowsAtOnce)
      if (rows.length > 0)
        yield `${rows.map(row => columns.map(name => toCell(row[name])).join(',')).join('\r\n')}\r\n`
    } while (rows.length === rowsAtOnce)
  }

  return { handlers, record: (entry: AuditEntry) => storage.add(entry) }
}

/** RFC 4180; what a spreadsheet would take for a formula is made text. */
function toCell(value: unknown): string {
  if (value === null) return ''
  const text = typeof value === 'string' ? value : JSON.stringify(value)
  return `"${(/^[=+\-@\t\r]/.test(text) ? `'${text}` : text).replaceAll('"', '""')}"`
}
