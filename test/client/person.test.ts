import { describe, expect, test } from 'vitest'
import { createPerson } from '../../client/sdk/person.ts'
import { createMemoryStorage } from '../../client/sdk/storage.ts'

const prefix = 'parley:shop.example:visitor:'
const guest = (id: string) => ({ id, isGuest: true, site: null })
const user = (id: string, site: string | null = null) => ({ id, isGuest: false, site })

/** A page of a browser with that storage; whether somebody else took the place is counted. */
function open(storage = createMemoryStorage(), { id, site }: { id?: string; site?: string } = {}) {
  const person = createPerson({ storage, prefix, id })
  const changes: boolean[] = []
  person.onChange(isElsewhere => changes.push(isElsewhere))
  if (site) person.expect(site)
  return { person, slots: person.slots, changes, storage }
}

describe('A5: whose the things kept on a device are', () => {
  test('A5: a guest keeps theirs over a reload, and takes them along when they sign in', () => {
    const { person, slots, changes, storage } = open()
    slots.write('draft', 'Half a')
    person.become(guest('g1'))
    slots.write('outbox:own', ['unsent'])
    expect(open(storage).slots.read('draft')).toBe('Half a')
    person.become(user('u1', 'customer-1'))
    expect([slots.read('draft'), slots.read('outbox:own'), changes]).toEqual(['Half a', ['unsent'], []])
  })

  test.each([
    ['another user', user('u2')],
    ['another customer of the site', user('u2', 'customer-2')],
    ['a guest, after a session has ended', guest('g2')],
  ])('A5: %s finds nothing', (_name, next) => {
    const { person, slots, changes, storage } = open()
    person.become(user('u1', 'customer-1'))
    slots.write('draft', 'Of the first')
    person.become(next)
    expect([slots.read('draft'), changes]).toEqual([null, [false]])
    expect(storage.getItem(`${prefix}kept`)).not.toContain('first')
  })

  test('A5: a page that another customer opens reads nothing before the server has said who it is', () => {
    const { person, slots, storage } = open()
    person.become(user('u1', 'customer-1'))
    slots.write('draft', 'Of the first')
    const next = open(storage, { site: 'customer-2' })
    expect(next.slots.read('draft')).toBeNull()
    next.slots.write('draft', 'Of the second')
    next.person.become(user('u2', 'customer-2'))
    expect([next.slots.read('draft'), next.changes]).toEqual(['Of the second', []])
    const again = open(storage, { site: 'customer-1' })
    again.person.become(user('u1', 'customer-1'))
    expect(again.slots.read('draft')).toBeNull()
  })

  test('A5: the same one, whom the site now vouches for, finds theirs', () => {
    const { person, slots, storage } = open()
    person.become(user('u1'))
    slots.write('draft', 'Mine')
    const next = open(storage, { site: 'customer-1' })
    next.person.become(user('u1', 'customer-1'))
    expect([next.slots.read('draft'), next.changes]).toEqual(['Mine', [false]])
  })

  test('A5: words of a former tab are not written into the things of the next', () => {
    const first = open()
    first.person.become(user('u1'))
    first.slots.write('draft', 'Of the first')
    const second = open(first.storage)
    second.person.become(user('u2'))
    first.slots.write('draft', 'More of the first')
    expect(first.slots.read('draft')).toBeNull()
    expect(first.storage.getItem(`${prefix}kept`)).not.toContain('first')
    expect(open(first.storage).slots.read('draft')).toBeNull()
  })

  test('A5: two tabs of a guest who signs in in one of them go on together', () => {
    const one = open()
    one.person.become(guest('g1'))
    const two = open(one.storage)
    two.slots.write('draft', 'In the other tab')
    one.person.become(user('u1'))
    expect(two.slots.read('draft')).toBe('In the other tab')
    two.slots.write('draft', 'And on')
    two.person.become(user('u1'))
    expect([one.slots.read('draft'), two.changes]).toEqual(['And on', []])
  })

  test('A5: forgotten is forgotten, in other tabs too', () => {
    const one = open()
    one.person.become(guest('g1'))
    one.slots.write('draft', 'Gone')
    const two = open(one.storage)
    two.person.become(guest('g1'))
    one.person.forget()
    two.slots.write('draft', 'Gone too')
    expect([one.slots.read('draft'), two.slots.read('draft')]).toEqual([null, null])
    expect(one.storage.getItem(`${prefix}kept`)).not.toContain('Gone')
  })

  test('H5: whoever a restored database does not know any more is still the same person here', () => {
    const { person, slots, changes } = open()
    person.become(user('u1'))
    slots.write('outbox:own', ['unsent'])
    person.become(guest('g2'), true)
    expect([slots.read('outbox:own'), changes]).toEqual([['unsent'], []])
    const vouched = open()
    vouched.person.become(user('u1', 'customer-1'))
    vouched.slots.write('draft', 'Mine')
    vouched.person.become(user('u9', 'customer-1'))
    expect(vouched.slots.read('draft')).toBe('Mine')
  })

  test('A5: on the desk, who it is is known from the start', () => {
    const { slots, storage } = open(createMemoryStorage(), { id: 'agent-1' })
    slots.write('draft:reply:c1', 'Of the first')
    expect(open(storage, { id: 'agent-1' }).slots.read('draft:reply:c1')).toBe('Of the first')
    expect(open(storage, { id: 'agent-2' }).slots.read('draft:reply:c1')).toBeNull()
  })

  test('A5: a page that empties its storage costs what was kept, and mixes nobody up', () => {
    const storage = createMemoryStorage()
    const { person, slots, changes } = open(storage)
    person.become(user('u1'))
    slots.write('draft', 'One')
    storage.removeItem(`${prefix}kept`)
    slots.write('draft', 'Two')
    expect(slots.read('draft')).toBe('Two')
    storage.removeItem(`${prefix}kept`)
    person.become(user('u2'))
    expect([slots.read('draft'), changes]).toEqual([null, [false]])
  })

  /** As browsers keep it: the keys are properties. */
  class PageStorage {
    [key: string]: unknown
    getItem(key: string) {
      return (Object.hasOwn(this, key) ? this[key] : null) as string | null
    }
    setItem(key: string, value: string) {
      this[key] = value
    }
    removeItem(key: string) {
      delete this[key]
    }
  }

  const tokenOf = (payload: object) => `x.${Buffer.from(JSON.stringify(payload)).toString('base64url')}.x`

  test.each([
    ['a guest', { role: 'visitor', sid: 's1', sub: 'p1' }, guest('s1')],
    ['a customer', { role: 'user', sid: 's2', sub: 'u1' }, user('u1', 'customer-1')],
  ])('A5: what an earlier version kept is of whom its token is of: %s', (_name, payload, same) => {
    const earlier = () => {
      const storage = new PageStorage()
      storage.setItem(`${prefix}token`, JSON.stringify(tokenOf(payload)))
      storage.setItem(`${prefix}draft`, JSON.stringify('Half a'))
      storage.setItem(`${prefix}outbox:own`, JSON.stringify(['unsent']))
      storage.setItem('parley:other.example:visitor:draft', JSON.stringify('Of another server'))
      return storage
    }
    const { person, slots, storage } = open(earlier())
    expect([slots.read('draft'), slots.read('outbox:own')]).toEqual(['Half a', ['unsent']])
    expect(Object.keys(storage).filter(key => key.endsWith('draft'))).toEqual([
      'parley:other.example:visitor:draft',
    ])
    person.become(same)
    expect(slots.read('draft')).toBe('Half a')
    const next = open(earlier(), { site: 'customer-9' })
    next.person.become(user('u9', 'customer-9'))
    expect(next.slots.read('draft')).toBe(same.isGuest ? 'Half a' : null)
  })

  test('A5: what an earlier version kept of nobody that can be told is dropped', () => {
    const storage = new PageStorage()
    storage.setItem(`${prefix}draft`, JSON.stringify('Of somebody'))
    expect(open(storage).slots.read('draft')).toBeNull()
    expect(storage.getItem(`${prefix}draft`)).toBeNull()
  })
})
