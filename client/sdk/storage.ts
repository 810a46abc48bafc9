import type { KeyValueStorage } from './types.ts'

export function createMemoryStorage(): KeyValueStorage {
  const values = new Map<string, string>()
  return {
    getItem: key => values.get(key) ?? null,
    setItem: (key, value) => void values.set(key, value),
    removeItem: key => void values.delete(key),
    keys: () => [...values.keys()],
  }
}

/**
 * localStorage, and for as long as the page lives whatever could not be put there: it throws on access where it is blocked, and on
 * writing where it is full, which says nothing of what stands in it.
 */
export function browserStorage(): KeyValueStorage {
  const unsaved = createMemoryStorage()

  function attempt<T>(work: (storage: Storage) => T, otherwise: () => T): T {
    try {
      return work(localStorage)
    } catch {
      return otherwise()
    }
  }

  return {
    getItem: key =>
      unsaved.getItem(key) ??
      attempt(
        storage => storage.getItem(key),
        () => null,
      ),
    setItem: (key, value) =>
      attempt(
        storage => {
          storage.setItem(key, value)
          unsaved.removeItem(key)
        },
        () => unsaved.setItem(key, value),
      ),
    removeItem(key) {
      unsaved.removeItem(key)
      attempt(
        storage => storage.removeItem(key),
        () => {},
      )
    },
    keys: () => attempt(Object.keys, () => []),
  }
}

export interface Slots {
  read<T>(name: string): T | null
  write(name: string, value: unknown): void
}

export function readJson<T>(storage: KeyValueStorage, key: string): T | null {
  try {
    return JSON.parse(storage.getItem(key) ?? 'null')
  } catch {
    return null
  }
}

/** JSON values under one prefix, so that two servers embedded in one origin do not meet. Null removes. */
export function createSlots(prefix: string, storage: KeyValueStorage = browserStorage()): Slots {
  return {
    read: name => readJson(storage, prefix + name),
    write(name, value) {
      try {
        if (value === null) storage.removeItem(prefix + name)
        else storage.setItem(prefix + name, JSON.stringify(value))
      } catch {
        // Full or revoked storage costs persistence, not the conversation.
      }
    },
  }
}

/** What one page keeps apart from others of the same server, under a prefix of its own. */
export function createClientStorage(prefix: string): KeyValueStorage {
  const storage = browserStorage()
  return {
    getItem: key => storage.getItem(prefix + key),
    setItem: (key, value) => storage.setItem(prefix + key, value),
    removeItem: key => storage.removeItem(prefix + key),
    keys: () =>
      (storage.keys?.() ?? []).filter(key => key.startsWith(prefix)).map(key => key.slice(prefix.length)),
  }
}
