import type { KeyValueStorage } from './types.ts'

export function createMemoryStorage(): KeyValueStorage {
  const values = new Map<string, string>()
  return {
    getItem: key => values.get(key) ?? null,
    setItem: (key, value) => void values.set(key, value),
    removeItem: key => void values.delete(key),
  }
}

/** localStorage where it works: it throws on access when blocked, and on writing when full. */
export function browserStorage(): KeyValueStorage {
  try {
    const probe = 'parley:probe'
    localStorage.setItem(probe, '1')
    localStorage.removeItem(probe)
    return localStorage
  } catch {
    return createMemoryStorage()
  }
}

export interface Slots {
  read<T>(name: string): T | null
  write(name: string, value: unknown): void
}

/** JSON values under one prefix, so that two servers embedded in one origin do not meet. Null removes. */
export function createSlots(prefix: string, storage: KeyValueStorage = browserStorage()): Slots {
  return {
    read(name) {
      try {
        return JSON.parse(storage.getItem(prefix + name) ?? 'null')
      } catch {
        return null
      }
    },
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
