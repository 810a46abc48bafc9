import type { DatabaseAddress } from './database-url.ts'
import { connectWith } from './wire.ts'

const types = {
  bigint: { to: 20, from: [20], parse: Number, serialize: (value: number) => String(value) },
  date: {
    to: 1184,
    from: [1082, 1114, 1184],
    serialize: (value: string) => value,
    parse: (value: string) => new Date(value).toISOString(),
  },
  // Arrays of PostgreSQL's own types, by the numbers they have everywhere. The driver would ask for them at every
  // connection, and when that one is cut meanwhile, nobody catches the error.
  numbers: { to: 1007, from: [1005, 1007, 1016, 1021, 1022], serialize: toArray, parse: readNumbers },
  texts: { to: 1009, from: [1000, 1009, 1015, 1185, 2951], serialize: toArray, parse: readTexts },
}

const needsEscape = /["\\]/

function toArray(items: readonly (string | number | boolean | null)[]): string {
  return `{${items.map(toItem).join(',')}}`
}

function toItem(item: string | number | boolean | null): string {
  if (typeof item !== 'string') return item === null ? 'NULL' : String(item)
  return needsEscape.test(item) ? `"${item.replace(/["\\]/g, '\\$&')}"` : `"${item}"`
}

function readNumbers(written: string): number[] {
  return written === '{}' ? [] : written.slice(1, -1).split(',').map(Number)
}

function readTexts(written: string): string[] {
  const items = written.slice(1, -1).matchAll(/"((?:\\.|[^"\\])*)"|[^,]+/gs)
  return Array.from(items, ([bare, quoted]) => quoted?.replace(/\\(.)/gs, '$1') ?? bare)
}

/** Seconds before the next attempt: the driver's own would count every cut connection and wait up to 20 s. */
const backoff = () => 0.05 + Math.random() * 0.15

/** What the driver is told for either database. */
export const commonOptions = {
  types,
  fetch_types: false,
  onnotice: () => {},
  connect_timeout: 2,
  max_lifetime: null,
  backoff,
}

/** @param settings that each session begins with */
export function driverOptions(
  address: DatabaseAddress,
  settings: Record<string, string>,
  connectSeconds = commonOptions.connect_timeout,
) {
  const { host, port, user, password, database, tls, options, applicationName } = address
  return {
    ...commonOptions,
    host,
    port,
    ...(user !== undefined && { user }),
    ...(password !== undefined && { password }),
    ...(database !== undefined && { database }),
    connect_timeout: connectSeconds,
    // Encrypted by `dialWith`: the driver's own way has no outer limits.
    ssl: false,
    ...{ socket: connectWith(tls, connectSeconds * 1000) },
    connection: { application_name: applicationName, ...(options && { options }), ...settings },
  }
}
