import { OperationError } from '#protocol'
import type { Actor } from '#storage/identity/audit'
import { serverActor, type UploadedFile } from '../../../core/call.ts'
import { timestamp } from '../../../core/clock.ts'
import { newId } from '../../../core/ids.ts'
import { fileProblem } from '../../../ingest/problem.ts'
import { baseName } from '../../../ingest/read.ts'
import type { KnowledgeDeps } from './deps.ts'
import { filesOf } from './folder.ts'

export interface AddOptions {
  title?: string
  url?: string
  /** Made by us to show the product; the owner's first import removes it. */
  demo?: boolean
  /** Where it lies in an imported folder. */
  path?: string
  by?: Actor
}

export interface FolderReport {
  added: number
  unchanged: number
  removed: number
  /** Files that could not be read, each with the reason in words. */
  failed: { path: string; reason: string }[]
}

/** What became of a file of an archive. */
interface ImportedFile {
  path: string
  doc_id: string | null
  error: { code: string; message: string; details?: unknown } | null
}

/** How documents come in, one by one or as a folder. @param wakeIndex there is something to index */
export function createLibrary(deps: KnowledgeDeps, wakeIndex: () => void) {
  const { documents } = deps.storage

  /** Reads the file and adds it with the job that indexes it. @throws OperationError as `readFile` */
  async function addDocument(file: UploadedFile, options: AddOptions = {}) {
    const { demo = false, path = null, url = null, title, by = serverActor } = options
    const read = await deps.reader.read(file, progressOf(baseName(file.name)))
    const added = await documents.add(
      { ...read, id: newId(), title: title?.trim() || read.title, url, path, demo, by },
      newId(),
    )
    if (!demo) await ownersImport()
    wakeIndex()
    return added
  }

  /** Tells staff how far a slow reading is. */
  function progressOf(name: string): (progress: number) => void {
    const [id, created_at] = [newId(), timestamp()]
    return progress => {
      const updated_at = timestamp()
      const status = progress < 1 ? 'running' : 'done'
      deps.progress({ id, kind: 'read', name, status, progress, error: null, created_at, updated_at })
    }
  }

  /** Puts another file in the place of a document's. @throws OperationError as `readFile` */
  async function replaceDocument(id: string, file: UploadedFile, by: Actor) {
    const read = await deps.reader.read(file, progressOf(baseName(file.name)))
    const outcome = await documents.replace(id, read, { jobId: newId(), by })
    wakeIndex()
    return outcome
  }

  /** Each file of a zip by itself: what is wrong with one is told of it alone. */
  async function importArchive(file: UploadedFile, by: Actor): Promise<ImportedFile[]> {
    const imported: ImportedFile[] = []
    for (const { path, bytes } of await deps.reader.unpack(file)) {
      try {
        if (bytes === null) throw fileProblem('damaged')
        const { id } = await addDocument({ name: path.split('/').at(-1)!, mime: '', bytes }, { by })
        imported.push({ path, doc_id: id, error: null })
      } catch (error) {
        if (!(error instanceof OperationError)) throw error
        const { code, message, details } = error
        imported.push({ path, doc_id: null, error: { code, message, details } })
      }
    }
    return imported
  }

  async function ownersImport(): Promise<void> {
    await documents.removeDemo(serverActor)
    await deps.removeOtherDemo()
  }

  async function importFolder(folder: string, { demo = false } = {}): Promise<FolderReport> {
    const key = demo ? 'demo:' : ''
    const known = await documents.imported(demo)
    const report: FolderReport = { added: 0, unchanged: 0, removed: 0, failed: [] }
    const seen = new Set<string>()
    for await (const file of filesOf(folder, (path, reason) => report.failed.push({ path, reason }))) {
      const path = key + file.path
      seen.add(path)
      if (known.get(path)?.hash === file.hash) report.unchanged++
      else
        try {
          await addDocument({ name: file.name, mime: '', bytes: file.bytes }, { demo, path })
          report.added++
        } catch (error) {
          if (!(error instanceof OperationError)) throw error
          report.failed.push({ path: file.path, reason: error.message })
        }
    }
    // An empty folder is rather one that is not mounted than one that was cleared.
    if (seen.size > 0)
      for (const [path, { id }] of known)
        if (!seen.has(path) && (await documents.remove(id, serverActor))) report.removed++
    return report
  }

  return { addDocument, replaceDocument, importArchive, importFolder }
}
