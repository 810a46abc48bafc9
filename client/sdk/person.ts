import { createKey } from './backoff.ts'
import { readJson, type Slots } from './storage.ts'
import type { KeyValueStorage } from './types.ts'

/** Whom a session is of. */
export interface Whose {
  id: string
  /** Not signed in. */
  isGuest: boolean
  /** The site's own id of a customer it vouches for. */
  site: string | null
}

/** All that is kept of one person, under one key: with another person it is replaced as a whole. */
interface Kept {
  owner: string
  isGuest: boolean
  site: string | null
  /** Ids the same person had before: signing in gives a guest another. */
  formerly: string[]
  values: Record<string, unknown>
}

export interface Person {
  /** What is kept of whoever this tab speaks for; of somebody else nothing is read, and nothing written. */
  readonly slots: Slots
  /** The site's id of them, where it vouches for them. */
  site(): string | null
  /** The site vouches for that customer: until the server says who it is, nothing is read of somebody else. */
  expect(site: string): void
  /**
   * The server has said whom this tab speaks for. A guest who signs in stays the same person, with all that is theirs; so does whoever
   * `isContinued` says to be the same.
   */
  become(whose: Whose, isContinued?: boolean): void
  /** Of the one who was here nothing is left. */
  forget(): void
  /** After another person has taken the place; `isElsewhere` where another tab made it so. */
  onChange(listener: (isElsewhere: boolean) => void): void
  stop(): void
}

interface PersonOptions {
  storage: KeyValueStorage
  /** Of all keys. */
  prefix: string
  /** Where it is known before the server says it. */
  id?: string | undefined
}

/** What is of the device, not of a person. */
const deviceSlots = ['token', 'refresh', 'life', 'kept']

export function createPerson({ storage, prefix, id: known }: PersonOptions): Person {
  const key = `${prefix}kept`
  let changed = (_isElsewhere: boolean) => {}
  let id: string | null = known ?? null
  /** What is written while it is not known whether what is stored is of the same person. */
  let unclaimed: Record<string, unknown> | null = null
  const record = createRecord(storage, key)
  const { load, save, replace, current } = record

  adoptEarlierVersion(storage, prefix, record)
  if (known && load()?.owner !== known) replace({ ...nobody(), owner: known, isGuest: false })

  function isOurs(kept: Kept): boolean {
    id ??= kept.owner
    const isOur = kept.owner === id || kept.formerly.includes(id)
    if (isOur) record.remember(kept)
    return isOur
  }

  const slots: Slots = {
    read<T>(name: string): T | null {
      if (unclaimed) return (unclaimed[name] ?? null) as T | null
      const kept = load()
      return kept && isOurs(kept) ? ((kept.values[name] ?? null) as T | null) : null
    },
    write(name, value) {
      const change = (values: Record<string, unknown>) => {
        const { [name]: _, ...others } = values
        return value === null ? others : { ...others, [name]: value }
      }
      if (unclaimed) {
        unclaimed = change(unclaimed)
        return
      }
      const kept = current() ?? nobody(id)
      if (isOurs(kept)) save({ ...kept, values: change(kept.values) })
    },
  }

  function expect(site: string) {
    const kept = load()
    if (unclaimed || !kept || kept.isGuest || kept.site === site) return
    unclaimed = {}
    if (id !== null) changed(false)
  }

  function become(whose: Whose, isContinued = false) {
    const kept = current()
    const wasKnown = unclaimed === null
    const isOur = kept !== null && isOurs(kept)
    const isVouched = whose.site !== null && whose.site === kept?.site
    const staysSame = isVouched || (isOur && wasKnown && (kept.isGuest || isContinued))
    const written = unclaimed ?? {}
    unclaimed = null
    id = whose.id
    if (kept && (kept.owner === id || staysSame)) {
      save(withOwner(kept, whose, written))
      if (!wasKnown || !isOur) changed(false)
      return
    }
    replace({ ...nobody(), owner: id, isGuest: whose.isGuest, site: whose.site, values: written })
    if (kept && wasKnown) changed(false)
  }

  function onStorage({ key: written }: StorageEvent) {
    if (written !== key || unclaimed || id === null) return
    const kept = load()
    if (!kept || isOurs(kept)) return
    id = kept.owner
    changed(true)
  }

  globalThis.addEventListener?.('storage', onStorage)

  return {
    slots,
    site: () => load()?.site ?? null,
    expect,
    become,
    forget() {
      const gone = nobody()
      replace(gone)
      id = gone.owner
      unclaimed = null
      changed(false)
    },
    onChange(listener) {
      changed = listener
    },
    stop: () => globalThis.removeEventListener?.('storage', onStorage),
  }
}

type PersonRecord = ReturnType<typeof createRecord>

/** What is stored of one person. */
function createRecord(storage: KeyValueStorage, key: string) {
  /** As it was when it was last ours: the page may have cleared its storage since. */
  let last: Kept | null = null

  function load(): Kept | null {
    return readJson<Kept>(storage, key)
  }

  function save(kept: Kept) {
    last = kept
    try {
      storage.setItem(key, JSON.stringify(kept))
    } catch {
      // Full or revoked storage costs persistence, not the conversation.
    }
  }

  /** What is another's goes, also where there is no room for what comes. */
  function replace(kept: Kept) {
    try {
      storage.removeItem(key)
    } catch {
      // Where it is revoked nothing can be read either.
    }
    save(kept)
  }

  function current(): Kept | null {
    return load() ?? (last && { ...last, values: {} })
  }

  return {
    load,
    save,
    replace,
    current,
    remember(kept: Kept) {
      last = kept
    },
  }
}

/** Earlier versions kept each thing under a key of its own, and said nowhere whose it is: it is of whom the token is of. */
function adoptEarlierVersion(storage: KeyValueStorage, prefix: string, { load, save }: PersonRecord): void {
  const names = (storage.keys?.() ?? Object.keys(storage))
    .filter(name => name.startsWith(prefix))
    .map(name => name.slice(prefix.length))
    .filter(name => !deviceSlots.includes(name))
  if (names.length === 0) return
  const owner = ownerOf(readJson<string>(storage, `${prefix}token`))
  const values = Object.fromEntries(names.map(name => [name, readJson(storage, prefix + name)]))
  if (owner && !load()) save({ ...nobody(), owner: owner.id, isGuest: owner.isGuest, values })
  for (const name of names) storage.removeItem(prefix + name)
}

function withOwner(kept: Kept, { id, isGuest, site }: Whose, written: Record<string, unknown>): Kept {
  const values = { ...kept.values, ...written }
  if (kept.owner === id) return { ...kept, isGuest, site: site ?? kept.site, values }
  return { owner: id, isGuest, site, formerly: [...kept.formerly, kept.owner], values }
}

/** Somebody of whom the server has not said yet who they are. */
function nobody(id: string | null = null): Kept {
  return { owner: id ?? createKey(), isGuest: true, site: null, formerly: [], values: {} }
}

/** As `session:ready` would say it. */
function ownerOf(token: string | null): Whose | null {
  try {
    const payload = (token?.split('.')[1] ?? '').replace(/-/g, '+').replace(/_/g, '/')
    const { sub, sid, role } = JSON.parse(atob(payload))
    const isGuest = role === 'visitor'
    return { id: isGuest ? sid : sub, isGuest, site: null }
  } catch {
    return null
  }
}
