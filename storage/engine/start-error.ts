import type { DatabaseAddress } from './database-url.ts'

/** Something the person who starts the server can mend: the message is one sentence, and no stack helps. */
export class StartError extends Error {
  /** Of the operating system, of TLS, PostgreSQL or Redis, where one of them said no. */
  readonly code: string | null

  constructor(message: string, { code = null, ...options }: ErrorOptions & { code?: string | null } = {}) {
    super(message, options)
    this.name = 'StartError'
    this.code = code
  }
}

/** By the code of the operating system, of TLS, or of PostgreSQL (SQLSTATE): what is wrong, and what to do about it. */
type Sentences<About> = Record<string, (about: About) => string>

const lockedOut = ({ user, host, tls }: DatabaseAddress) =>
  `The database at ${host} lets no one in as '${user ?? ''}' from this machine: check that the role is there, and that pg_hba.conf has a line for it${tls ? '' : ', or sslmode=require to DATABASE_URL if it wants TLS'}.`
const wrongPassword = ({ user, host }: DatabaseAddress) =>
  `The database at ${host} refuses the user '${user ?? ''}' or its password: check DATABASE_URL, where signs like @ : / # ? % in a password are written as %40 %3A %2F %23 %3F %25.`

const ofPostgres: Sentences<DatabaseAddress> = {
  ECONNREFUSED: ({ host, port }) =>
    `Nothing answers at ${host}:${port} (ECONNREFUSED): start PostgreSQL there, or check the host and port of DATABASE_URL.`,
  ENOENT: ({ host, port }) =>
    `There is no socket of PostgreSQL in ${host} (.s.PGSQL.${port}): start it, or check DATABASE_URL.`,
  ENOTFOUND: ({ host }) => `The host ${host} of DATABASE_URL is not known (ENOTFOUND): check its name.`,
  EAI_AGAIN: ({ host }) =>
    `The host ${host} of DATABASE_URL cannot be looked up (EAI_AGAIN): check this machine's name server.`,
  EHOSTUNREACH: ({ host, port }) =>
    `There is no way to ${host}:${port} (EHOSTUNREACH): check the network and DATABASE_URL.`,
  ENETUNREACH: ({ host, port }) =>
    `There is no way to ${host}:${port} (ENETUNREACH): check the network and DATABASE_URL.`,
  ETIMEDOUT: ({ host, port }) =>
    `The database at ${host}:${port} does not answer in time (ETIMEDOUT): check DATABASE_URL and the firewalls in between.`,
  ECONNRESET: ({ host, port, tls }) =>
    `What answers at ${host}:${port} hangs up (ECONNRESET): check that it is PostgreSQL${tls ? '' : ', and add sslmode=require to DATABASE_URL if it wants TLS'}.`,
  TLS_REFUSED: ({ host }) =>
    `The database at ${host} does not speak TLS, and DATABASE_URL asks for it: switch it on there (ssl = on), or use sslmode=disable on a network of your own.`,
  '08P01': ({ host, tls }) =>
    `What answers at ${host} does not take this connection (08P01): check the user and database of DATABASE_URL${tls ? '' : ', and add sslmode=require if it wants TLS'}.`,
  '28000': lockedOut,
  '28P01': wrongPassword,
  SASL_SIGNATURE_MISMATCH: wrongPassword,
  '3D000': ({ host, database }) =>
    `There is no database '${database ?? ''}' at ${host}: make it with CREATE DATABASE, or check DATABASE_URL.`,
  '3F000': ({ host, user }) =>
    `The role '${user ?? ''}' at ${host} has no schema to make tables in: CREATE SCHEMA one, and set the role's search_path to it.`,
  '42501': ({ host, user }) =>
    `The role '${user ?? ''}' at ${host} may not make what Parley needs: GRANT CREATE ON SCHEMA public TO it, and have a superuser run CREATE EXTENSION vector in the database once.`,
  '0A000': ({ host }) =>
    `The database at ${host} does not have the extension pgvector: install it on that machine, or use an image that brings it (pgvector/pgvector).`,
  '53100': ({ host }) => `The disk of the database at ${host} is full: make room there.`,
  '53300': ({ host }) =>
    `The database at ${host} has no connection left (53300): raise its max_connections, or end other clients; each node uses 12.`,
  '57014': ({ host }) =>
    `The database at ${host} ends statements before they are done (57014): raise statement_timeout of its role or database to 30 s.`,
  '57P03': ({ host }) =>
    `The database at ${host} is just starting or stopping (57P03): try again in a moment.`,
  '25006': ({ host }) =>
    `The database at ${host} can only be read: give DATABASE_URL the primary's address, or set default_transaction_read_only to off.`,
}

const ofFolder: Sentences<{ folder: string }> = {
  EACCES: ({ folder }) =>
    `DATA_DIR ${folder} cannot be written by this user: give it the folder (chown), or name another one.`,
  EPERM: ({ folder }) =>
    `DATA_DIR ${folder} cannot be written by this user: give it the folder (chown), or name another one.`,
  EROFS: ({ folder }) => `DATA_DIR ${folder} is on a file system that can only be read: name another folder.`,
  ENOENT: ({ folder }) => `DATA_DIR ${folder} cannot be made there: name another folder.`,
  ENOTDIR: ({ folder }) => `DATA_DIR ${folder} is no folder, or lies in none: name another one.`,
  EEXIST: ({ folder }) => `DATA_DIR ${folder} is no folder: name another one.`,
  ENOSPC: ({ folder }) => `The disk that holds DATA_DIR ${folder} is full: make room there.`,
  EDQUOT: ({ folder }) => `The quota of the disk that holds DATA_DIR ${folder} is used up: make room there.`,
}

const ofListening: Sentences<{ host: string; port: number }> = {
  EADDRINUSE: ({ port }) =>
    `Port ${port} is in use by another program: end that one, or set PORT to another number.`,
  EACCES: ({ port }) =>
    `Port ${port} may not be opened by this user: set PORT to 1024 or above, or grant CAP_NET_BIND_SERVICE.`,
  EADDRNOTAVAIL: ({ host }) => `HOST ${host} is no address of this machine.`,
  ENOTFOUND: ({ host }) => `HOST ${host} is not known: name an address of this machine.`,
}

const ofRedis: Sentences<{ host: string }> = {
  ECONNREFUSED: ({ host }) =>
    `Nothing answers at ${host} (ECONNREFUSED): start Redis there, or check REDIS_URL.`,
  ENOTFOUND: ({ host }) => `The host of REDIS_URL, ${host}, is not known (ENOTFOUND): check its name.`,
  EAI_AGAIN: ({ host }) => `The host of REDIS_URL, ${host}, cannot be looked up (EAI_AGAIN).`,
  ETIMEDOUT: ({ host }) =>
    `Redis at ${host} does not answer in time (ETIMEDOUT): check REDIS_URL and the firewalls in between.`,
  NOAUTH: ({ host }) =>
    `Redis at ${host} wants a password: write it into REDIS_URL, redis://:PASSWORD@HOST:6379.`,
  WRONGPASS: ({ host }) => `Redis at ${host} refuses the user or the password of REDIS_URL.`,
  NOPERM: ({ host }) =>
    `The user of REDIS_URL at ${host} may not publish and subscribe: allow +@pubsub in its ACL.`,
}

function sentenceFor<About>(sentences: Sentences<About>, error: unknown, about: About): StartError | null {
  const code = codeOf(error) ?? ''
  const sentence = sentences[code]
  return sentence ? new StartError(sentence(about), { code, cause: error }) : null
}

/** Of the error, or of what it came from. */
function codeOf(error: unknown): string | null {
  for (let each = error; each instanceof Error; each = each.cause) {
    const { code } = each as { code?: unknown }
    if (typeof code === 'string') return code
  }
  return null
}

/** Why the database cannot be used, in a sentence that carries neither user's password nor stack. @param address null for the embedded one */
export function databaseStartError(error: unknown, address: DatabaseAddress | null): Error {
  if (error instanceof StartError) return error
  if (address === null) return error as Error
  const code = codeOf(error) ?? 'no answer in time'
  if (code === 'TLS_FAILED') return certificateError((error as Error).cause, address)
  const known = code.replace('CONNECT_TIMEOUT', 'ETIMEDOUT').replace('CONNECTION_CLOSED', 'ECONNRESET')
  return (
    sentenceFor(ofPostgres, Object.assign(new Error('', { cause: error }), { code: known }), address) ??
    new StartError(
      `The database at ${address.host}:${address.port} cannot be used (${code}: ${(error as Error).message}).`,
      { cause: error },
    )
  )
}

function certificateError(cause: unknown, { host }: DatabaseAddress): StartError {
  const code = codeOf(cause) ?? 'unknown'
  return new StartError(
    code.includes('ALTNAME')
      ? `The certificate of the database is for another name than ${host}: use the name it is for in DATABASE_URL.`
      : `The certificate of the database at ${host} cannot be trusted (${code}): give its authority's file as sslrootcert=FILE in DATABASE_URL; sslmode=require without channel_binding does not check it.`,
    { cause },
  )
}

/** Why the data folder cannot be used; other errors as they are. */
export function folderStartError(error: unknown, folder: string): Error {
  return sentenceFor(ofFolder, error, { folder }) ?? (error as Error)
}

/** Why nothing can listen there; other errors as they are. */
export function listenStartError(error: unknown, host: string, port: number): Error {
  return sentenceFor(ofListening, error, { host, port }) ?? (error as Error)
}

/** Why Redis cannot be used. */
export function redisStartError(error: unknown, url: string): StartError {
  const { host } = new URL(url)
  // A reply of Redis begins with its code.
  const reply = /^[A-Z]+/.exec((error as Error).message)?.[0]
  const named = codeOf(error) ? error : Object.assign(new Error('', { cause: error }), { code: reply })
  return (
    sentenceFor(ofRedis, named, { host }) ??
    new StartError(`Redis at ${host} cannot be used: ${(error as Error).message}.`, { cause: error })
  )
}
