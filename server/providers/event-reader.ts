import { ModelError } from './model.ts'

/** An event of a model's stream is far below this, in UTF-16 code units. */
const eventMax = 1_000_000

export interface EventReader {
  /** @throws ModelError, and whatever `onData` throws */
  push(text: string): void
  /** No more will come: a last event may lack its end. */
  end(): void
}

type OnData = (data: string, name: string) => void

/**
 * Takes the body of a model's answer apart, whatever its form: server-sent events by their grammar (WHATWG HTML, 9.2.6), or
 * JSON values one after the other, which a line each and a whole answer in one are cases of. Its first sign says which.
 * @param onData hears the data of each event and its name, or each JSON value as it is written
 */
export function createEventReader(onData: OnData): EventReader {
  let reader: EventReader | null = null
  return {
    push(text) {
      if (reader) return reader.push(text)
      const start = text.search(/[^\s\ufeff]/)
      if (start < 0) return
      const sign = text[start]!
      if (sign === '<')
        throw new ModelError('The model host answered with a web page: its address may lack a path.')
      reader = sign === '{' || sign === '[' ? jsonReader(onData) : eventReader(onData)
      reader.push(text.slice(start))
    },
    end: () => reader?.end(),
  }
}

function eventReader(onData: OnData): EventReader {
  let rest = ''
  let name = ''
  let data: string | null = null
  /** A line end that came as CR may have its LF yet. */
  let skipsLf = false

  function dispatch(): void {
    const event = { data: data?.trim() ?? '', name }
    data = null
    name = ''
    if (event.data !== '') onData(event.data, event.name)
  }

  function readLine(line: string): void {
    if (line === '') dispatch()
    if (line.startsWith('event:')) name = line.slice(6).trim()
    if (!line.startsWith('data:')) return
    const added = line.slice(line[5] === ' ' ? 6 : 5)
    // Some hosts leave out the empty line: what is whole by itself is an event of its own.
    if (data !== null && isWholeJson(data)) dispatch()
    data = data === null ? added : `${data}\n${added}`
    if (data.length > eventMax) throw endless()
  }

  function push(text: string): void {
    const lines = rest + (skipsLf && text[0] === '\n' ? text.slice(1) : text)
    if (text !== '') skipsLf = false
    let from = 0
    let cr = lines.indexOf('\r')
    for (;;) {
      if (cr >= 0 && cr < from) cr = lines.indexOf('\r', from)
      const lf = lines.indexOf('\n', from)
      const end = cr >= 0 && (lf < 0 || cr < lf) ? cr : lf
      if (end < 0) break
      const line = lines.slice(from, end)
      from = end + 1
      if (end === cr) {
        if (from === lines.length) skipsLf = true
        else if (lines[from] === '\n') from++
      }
      readLine(line)
    }
    rest = lines.slice(from)
    if (rest.length > eventMax) throw endless()
  }

  return {
    push,
    end: () => push('\n\n'),
  }
}

function jsonReader(onData: OnData): EventReader {
  let value = ''
  let scanned = 0
  let depth = 0
  let inString = false

  function push(text: string): void {
    value += text
    let start = 0
    let at = scanned
    for (; at < value.length; at++) {
      const sign = value[at]!
      if (inString) {
        // What is escaped is no end of the string; it may be in the next piece.
        if (sign === '\\') at++
        else if (sign === '"') inString = false
      } else if (sign === '"') inString = true
      else if (sign === '{' || sign === '[') depth++
      else if (sign === '}' || sign === ']') depth--
      else continue
      if (depth > 0 || inString) continue
      onData(value.slice(start, at + 1), '')
      start = at + 1
    }
    value = value.slice(start)
    scanned = at - start
    if (depth === 0 && !/^[\s,]*$/.test(value))
      throw new ModelError('The model host sent something that is not JSON.')
    if (value.length > eventMax) throw endless()
  }

  return {
    push,
    end() {
      if (depth > 0) onData(value, '')
    },
  }
}

function isWholeJson(text: string): boolean {
  if (!/[}\]]\s*$/.test(text.slice(-8))) return false
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}

function endless(): ModelError {
  return new ModelError('The model host sent an event without end.')
}
