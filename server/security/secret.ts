import { randomBytes } from 'node:crypto'
import { readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { makeFolder } from '#storage/engine/make-folder'
import type { Config } from '../config/config.ts'

type Secrets = [string, ...string[]]
type Where = Pick<Config, 'secretKey' | 'previousSecretKeys' | 'dataDir'>

/**
 * The secrets of this installation, the current one first: those configured, or those kept in the data folder, one a
 * line, where one is made at first start. Several nodes are given the same ones by SECRET_KEY.
 */
export async function readSecrets({ secretKey, previousSecretKeys, dataDir }: Where): Promise<Secrets> {
  if (secretKey !== null) return [secretKey, ...previousSecretKeys]
  const path = join(dataDir, 'secret.key')
  await makeFolder(dataDir)
  try {
    await writeFile(path, newSecret(), { flag: 'wx', mode: 0o600 })
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  }
  const lines = (await readFile(path, 'utf8')).split('\n').filter(Boolean)
  return [...lines, ...previousSecretKeys] as Secrets
}

/** A new current secret before the kept ones. */
export async function addSecret({ dataDir }: Where): Promise<void> {
  const path = join(dataDir, 'secret.key')
  const stored = await readFile(path, 'utf8').catch(() => '')
  await writeFile(`${path}.new`, `${newSecret()}\n${stored}`, { mode: 0o600 })
  await rename(`${path}.new`, path)
}

function newSecret(): string {
  return randomBytes(32).toString('base64url')
}
