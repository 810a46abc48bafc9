import { createHash } from 'node:crypto'
import { readFile as readBytes, readdir, stat } from 'node:fs/promises'
import { basename, join, relative, sep } from 'node:path'
import { extensions } from '../../../ingest/formats/index.ts'
import { fileMaxBytes } from '../../../ingest/read.ts'

export interface FolderFile {
  /** Within the folder, with forward slashes. */
  path: string
  name: string
  bytes: Uint8Array
  hash: string
}

/** The files of a folder that can be read, at any depth, in the order of their paths; hidden ones are left out. */
export async function* filesOf(
  folder: string,
  skip: (path: string, reason: string) => void,
): AsyncGenerator<FolderFile> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  const files = entries
    .filter(entry => entry.isFile())
    .map(entry => join(entry.parentPath, entry.name))
    .map(file => ({ file, path: relative(folder, file).split(sep).join('/') }))
    .filter(({ path }) => isReadable(path))
    .sort((a, b) => (a.path < b.path ? -1 : 1))
  for (const { file, path } of files) {
    if ((await stat(file)).size > fileMaxBytes) {
      skip(path, 'The file is larger than 10 MB.')
      continue
    }
    const bytes = await readBytes(file)
    yield { path, name: basename(path), bytes, hash: createHash('sha256').update(bytes).digest('hex') }
  }
}

function isReadable(path: string): boolean {
  const extension = path.split('.').at(-1)!.toLowerCase()
  return extensions.includes(extension) && !path.split('/').some(part => part.startsWith('.'))
}
