import { StartError } from './start-error.ts'

const tlsModes = ['disable', 'allow', 'prefer', 'require', 'verify-ca', 'verify-full'] as const

export interface Tls {
  mode: Exclude<(typeof tlsModes)[number], 'disable' | 'allow'>
  /** Files in PEM. */
  ca: string | null
  cert: string | null
  key: string | null
}

/** What DATABASE_URL says, as the driver and the people who write such addresses mean it. */
export interface DatabaseAddress {
  /** A name, or the folder of a Unix socket. */
  host: string
  port: number
  user: string | undefined
  password: string | undefined
  database: string | undefined
  tls: Tls | null
  /** Something between this server and the database hands its sessions on: `pgbouncer=true`. */
  isPooled: boolean
  /** Where the tables are, instead of the first of the role's search_path. */
  schema: string | null
  applicationName: string
  connectSeconds: number
  /** For the server as it is. */
  options: string | undefined
}

/** Of other clients: what they steer there does not exist here. */
const ignored = [
  'connection_limit',
  'gssencmode',
  'keepalives',
  'keepalives_idle',
  'pool_timeout',
  'prepareThreshold',
  'prepared_statements',
  'sslaccept',
  'statement_cache_size',
  'supa',
  'target_session_attrs',
  'uselibpqcompat',
  'workaround',
]
const understood = [
  'application_name',
  'channel_binding',
  'connect_timeout',
  'host',
  'options',
  'pgbouncer',
  'schema',
  'ssl',
  'sslcert',
  'sslkey',
  'sslmode',
  'sslrootcert',
]
/** A database that sleeps when nobody asks needs a few seconds. */
const defaultConnectSeconds = 10

/** @throws StartError for what is no such address, or says something unknown */
export function readDatabaseUrl(value: string): DatabaseAddress {
  const url = URL.parse(value)
  if (!url || !/^postgres(ql)?:$/.test(url.protocol))
    throw new StartError(
      'DATABASE_URL is no address of the form postgres://USER:PASSWORD@HOST:5432/DATABASE; signs like @ : / # ? % in the password are written as %40 %3A %2F %23 %3F %25.',
    )
  const query = url.searchParams
  for (const name of query.keys())
    if (!understood.includes(name) && !ignored.includes(name))
      throw new StartError(
        `DATABASE_URL has the parameter '${name}', which is not known; known are ${understood.join(', ')}.`,
      )
  return {
    host: query.get('host') ?? (decoded('host', url.hostname) || 'localhost'),
    port: Number(url.port || 5432),
    user: decoded('user', url.username) || undefined,
    password: decoded('password', url.password) || undefined,
    database: decoded('database', url.pathname.replace(/^\/|\/+$/g, '')) || undefined,
    tls: readTls(query),
    isPooled: query.get('pgbouncer') === 'true',
    schema: query.get('schema'),
    applicationName: query.get('application_name') ?? 'parley',
    connectSeconds: readSeconds(query.get('connect_timeout')),
    options: query.get('options') ?? undefined,
  }
}

function decoded(what: string, part: string): string {
  try {
    return decodeURIComponent(part)
  } catch {
    throw new StartError(`DATABASE_URL: a % in the ${what} is written as %25.`)
  }
}

function readSeconds(value: string | null): number {
  if (value === null) return defaultConnectSeconds
  const seconds = Number(value)
  if (!/^\d+$/.test(value) || seconds < 1 || seconds > 300)
    throw new StartError(`DATABASE_URL: connect_timeout is '${value}'; allowed: seconds from 1 to 300.`)
  return seconds
}

function readTls(query: URLSearchParams): Tls | null {
  const option = query.get('sslmode') ?? (query.get('ssl') === 'true' ? 'require' : 'disable')
  const mode = tlsModes.find(known => known === option)
  if (mode === undefined)
    throw new StartError(`DATABASE_URL: sslmode is '${option}'; allowed: ${tlsModes.join(', ')}.`)
  if (mode === 'disable') return null
  const root = query.get('sslrootcert')
  // A verified certificate keeps out whom channel binding keeps out, which the driver cannot do.
  const isBound = query.get('channel_binding') === 'require'
  const isVerified = isBound || root === 'system'
  return {
    mode: isVerified
      ? 'verify-full'
      : mode === 'allow'
        ? 'prefer'
        : mode === 'require' && root
          ? 'verify-ca'
          : mode,
    ca: root === 'system' ? null : root,
    cert: query.get('sslcert'),
    key: query.get('sslkey'),
  }
}
