import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import postgres from 'postgres'
import { newId } from '../server/core/ids.ts'
import { createIdentity } from '../server/security/identity.ts'
import { createKeyRing } from '../server/security/keys.ts'
import { startSettings } from '../storage/engine/session.ts'
import type { TestServer } from './harness.ts'

type Role = 'user' | 'agent' | 'admin' | 'super_admin'

/** Somebody with an account, most often of the staff, with a token for the desk. */
export async function hire(server: TestServer, name: string, role: Role = 'agent') {
  const id = newId()
  await server.app.database.sql`insert into people (id, role, name) values (${id}, ${role}, ${name})`
  const secret = await readFile(join(server.config.dataDir, 'secret.key'), 'utf8')
  return { id, token: await tokenFor(secret, { id, role, name }) }
}

/** The same on a database that several processes run on, which share `secret`. */
export async function hireOn(databaseUrl: string, secret: string, name: string, role: Role = 'agent') {
  const id = newId()
  const sql = postgres(databaseUrl, { max: 1, connection: startSettings })
  await sql`insert into people (id, role, name) values (${id}, ${role}, ${name})`
  await sql.end()
  return { id, token: await tokenFor(secret, { id, role, name }) }
}

async function tokenFor(secret: string, { id, role, name }: { id: string; role: Role; name: string }) {
  const identity = createIdentity({
    keyRing: createKeyRing([secret]),
    clock: Date.now,
    revocations: { problem: () => null },
  })
  const { token } = await identity.issue({
    version: 0,
    personId: id,
    role,
    sessionId: newId(),
    name,
  })
  return token
}
