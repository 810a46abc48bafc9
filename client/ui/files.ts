import type { Attachment } from '#protocol'
import { attachmentsMax } from '#protocol/core/limits'
import { uploadRoutes } from '#protocol/core/routes'
import type { Client } from '../sdk/client.ts'
import { type ParleyError, toParleyError, unwrap } from '../sdk/error.ts'
import { fillRoute } from '../sdk/route.ts'
import type { Slots } from '../sdk/storage.ts'
import { createStore } from '../sdk/store.ts'
import type { Access } from '../sdk/types.ts'
import { saveBlob } from './save-blob.ts'
import { upload } from './upload.ts'

/** A file that was picked for the next message. */
export interface PickedFile {
  key: number
  name: string
  /** 0..1 of it is there. */
  progress: number
  /** Once it is there. */
  attachment: Attachment | null
  error: ParleyError['code'] | typeof interrupted | null
}

/** It was on its way when the page went, and is not here any more. */
const interrupted = 'UPLOAD_INTERRUPTED'

export interface Files {
  get(): PickedFile[]
  subscribe(listener: () => void): () => void
  /** MIME types that the server takes. */
  types(): string[]
  /** How many a message may have. */
  max(): number
  /** Whether the message may have one more. */
  hasRoom(): boolean
  /** Whether some of the last ones did not find room. */
  hasLeftOut(): boolean
  /** Hands them over one beside the other; those beyond what a message may have are left out. */
  add(files: Iterable<File>): void
  remove(key: number): void
  /** What is there, and no longer picked; null while something is on its way. */
  take(): Attachment[] | null
  /** Another tab has picked some, or sent them. */
  reread(): void
  /** For good: what is on its way is given up, and nothing more is written down. */
  stop(): void
}

/**
 * The files of one composer, on their way to the server as soon as they are picked and somebody is there to take them.
 * @param slots where they outlast the page, like a draft, under the name `slot`
 */
export function createFiles(
  client: Pick<Client, 'access' | 'state' | 'online'>,
  slots?: Slots,
  slot = 'files',
): Files {
  let keys = 0
  const stored = () => slots?.read<Pick<PickedFile, 'name' | 'attachment'>[]>(slot) ?? []
  const restore = ({ name, attachment }: Pick<PickedFile, 'name' | 'attachment'>): PickedFile => ({
    key: keys++,
    name,
    attachment,
    progress: 1,
    error: attachment ? null : interrupted,
  })
  const restored = stored().map(restore)
  const store = createStore({ picked: restored, hasLeftOut: false })
  const underWay = new Map<number, AbortController>()
  let isStopped = false

  const picked = () => store.get().picked
  const rules = () => client.state.session?.features.upload
  const max = () => rules()?.max_files ?? attachmentsMax
  const hasRoom = () => picked().length < max()

  function set(picked: PickedFile[], hasLeftOut = false) {
    if (isStopped) return
    store.set({ picked, hasLeftOut })
    if (!slots) return
    const sent = picked.filter(({ error }) => !error).map(({ name, attachment }) => ({ name, attachment }))
    slots.write(slot, sent.length > 0 ? sent : null)
  }

  const changed = (key: number, to: Partial<PickedFile>) =>
    picked().map(file => (file.key === key ? { ...file, ...to } : file))

  function change(key: number, to: Partial<PickedFile>) {
    set(changed(key, to), store.get().hasLeftOut)
  }

  function send(key: number, file: File) {
    const controller = new AbortController()
    underWay.set(key, controller)
    const onProgress = (progress: number) => store.set({ picked: changed(key, { progress }) })
    upload(client, file, controller.signal, onProgress).then(
      attachment => change(key, { attachment, progress: 1 }),
      error => change(key, { error: toParleyError(error).code }),
    )
  }

  return {
    get: picked,
    subscribe: store.subscribe,
    types: () => rules()?.types ?? [],
    max,
    hasRoom,
    hasLeftOut: () => store.get().hasLeftOut,
    add(files) {
      const all = [...files]
      if (isStopped || all.length === 0) return
      const added = all
        .slice(0, Math.max(0, max() - picked().length))
        .map(file => ({ key: keys++, name: file.name, progress: 0, attachment: null, error: null, file }))
      set([...picked(), ...added.map(({ file, ...entry }) => entry)], added.length < all.length)
      for (const { key, file } of added) send(key, file)
    },
    remove(key) {
      underWay.get(key)?.abort()
      underWay.delete(key)
      set(picked().filter(file => file.key !== key))
    },
    take() {
      const ready = picked().filter(({ error }) => !error)
      if (ready.some(({ attachment }) => !attachment)) return null
      set([])
      return ready.flatMap(({ attachment }) => attachment ?? [])
    },
    reread() {
      const known = new Map(picked().map(file => [file.attachment?.id, file]))
      const there = stored().filter(({ attachment }) => attachment)
      const unfinished = picked().filter(({ attachment }) => !attachment)
      store.set({
        picked: [...there.map(file => known.get(file.attachment?.id) ?? restore(file)), ...unfinished],
      })
    },
    stop() {
      isStopped = true
      for (const each of underWay.values()) each.abort()
    },
  }
}

/** The file itself. */
export async function fetchFile(access: Access, id: string): Promise<Blob> {
  const headers = { authorization: `Bearer ${access.token()}` }
  const { path } = fillRoute(uploadRoutes['upload:get'], { upload_id: id })
  const response = await fetch(access.url + path, { headers })
  if (!response.ok) unwrap(await response.json())
  return response.blob()
}

/** Onto the visitor's disk: only pictures are ever shown on a page. */
export async function saveFile(access: Access, { id, name }: Attachment): Promise<void> {
  saveBlob(await fetchFile(access, id), name)
}

export function isPicture({ mime }: Attachment): boolean {
  return mime.startsWith('image/')
}

/** "1.4 MB", in the units of the language. */
export function sizeLabel(bytes: number, locale: string): string {
  const [amount, unit] = bytes < 1_000_000 ? [bytes / 1000, 'kilobyte'] : [bytes / 1_000_000, 'megabyte']
  return new Intl.NumberFormat(locale, { style: 'unit', unit, maximumFractionDigits: 1 }).format(
    Math.max(0.1, amount),
  )
}
