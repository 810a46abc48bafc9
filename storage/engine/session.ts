/**
 * What every session relies on, whatever the server, the database or the role are set to: one list, for the direct
 * connection, the pooled one and the embedded database. Values as `pg_settings` shows them.
 */
export const sessionSettings: Record<string, string> = {
  DateStyle: 'ISO, MDY',
  TimeZone: 'UTC',
  IntervalStyle: 'postgres',
  standard_conforming_strings: 'on',
  bytea_output: 'hex',
  extra_float_digits: '1',
  array_nulls: 'on',
  row_security: 'on',
  gin_fuzzy_search_limit: '0',
  default_transaction_isolation: 'read committed',
  default_transaction_read_only: 'off',
  default_transaction_deferrable: 'off',
  lock_timeout: '0',
  // Compiling a statement costs more than any of ours takes.
  jit: 'off',
  // Planned once for each connection: PostgreSQL guesses more rows than our short lists have, and would plan anew each time.
  plan_cache_mode: 'force_generic_plan',
  // What is asked all day is looked up by key and lies in memory; priced as on a turning disk, small tables would be read whole.
  random_page_cost: '1.1',
}

/** What only a server of several clients needs. */
const serverSettings: Record<string, string> = {
  statement_timeout: '30000',
  idle_session_timeout: '0',
  // What a lost connection has locked is free again after this; ours wait in no transaction.
  idle_in_transaction_session_timeout: '5000',
  // Nobody waits for a lock in the name of a client that is gone.
  client_connection_check_interval: '2000',
}

/** For the start of a session. */
export const startSettings = { ...sessionSettings, ...serverSettings }

/** Poolers keep these for each client, whoever had the session before: pgbouncer's own list. */
const trackedByPoolers = ['DateStyle', 'TimeZone', 'standard_conforming_strings']
export const pooledStartSettings = Object.fromEntries(
  trackedByPoolers.map(name => [name, sessionSettings[name]!]),
)

const ofOneTransaction = Object.entries(startSettings).filter(
  ([name]) => !trackedByPoolers.includes(name) && !/^(default_transaction|idle_session)/.test(name),
)

/** Behind a pooler a session is lent for one transaction: it begins with what `default_transaction_…` cannot be relied on for. */
export const pooledBegin = 'isolation level read committed read write'
/** And then sets the rest for itself. */
export const pooledSet = `select ${Object.entries({
  ...Object.fromEntries(ofOneTransaction),
  synchronous_commit: 'on',
})
  .map(([name, value]) => `set_config('${name}', '${value}', true)`)
  .join(', ')}`

/** Of single statements, which a pooler runs in whatever session is free: these must hold in all of them. */
const neededOfAll = [
  ...trackedByPoolers,
  'bytea_output',
  'array_nulls',
  'row_security',
  'gin_fuzzy_search_limit',
  'default_transaction_isolation',
  'default_transaction_read_only',
]

/** The first setting that single statements cannot be trusted with, and what it has to be; null when all fit. */
export function unfitFor(settings: Record<string, string>): { name: string; value: string } | null {
  const name = neededOfAll.find(each => settings[each] !== sessionSettings[each])
  if (name) return { name, value: sessionSettings[name]! }
  return settings.synchronous_commit === 'off' ? { name: 'synchronous_commit', value: 'on' } : null
}
