import { createGzip } from 'node:zlib'
import type { ExportFile } from '#storage/identity/export'
import { type TarFile, tarOf } from '../../../commands/tar.ts'
import { actorOf, type Call, type FileAnswer } from '../../../core/call.ts'
import type { PrivacyDeps } from './index.ts'

/** Packs everything held on a person. */
export function createArchiver({ storage, recordAudit }: Pick<PrivacyDeps, 'storage' | 'recordAudit'>) {
  async function archiveOf(id: string, call: Call): Promise<FileAnswer> {
    await recordAudit({
      actor: actorOf(call),
      scope: 'privacy',
      action: 'privacy:export',
      subject: id,
    })
    const archive = createGzip()
    const pieces = tarOf(filesOf(storage.exportOf(id, call.caller.id === id)))
    void (async () => {
      for await (const piece of pieces)
        if (!archive.write(piece)) await new Promise(resolve => archive.once('drain', resolve))
      archive.end()
    })().catch(error => archive.destroy(error))
    return { name: `parley-${id}.tar.gz`, mime: 'application/gzip', body: archive }
  }

  return archiveOf
}

/** A file of JSON a piece, so that a long history is never held whole. */
async function* filesOf(files: ExportFile[]): AsyncGenerator<TarFile> {
  for (const { name, rows } of files) {
    let part = 0
    for await (const piece of rows) {
      const number = part++ === 0 ? '' : `-${part}`
      yield { name: `${name}${number}.json`, bytes: Buffer.from(`${JSON.stringify(piece, null, 1)}\n`) }
    }
  }
}
