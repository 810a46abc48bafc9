/* Shows /openapi.json and /asyncapi.json as closed groups. What a group or an entry holds is built when it is opened. */

function element(name, attributes, ...content) {
  const node = document.createElement(name)
  for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value)
  node.append(...content.flat().filter(part => part !== undefined && part !== null))
  return node
}

/** A closed part; `fill` gives its content when it is first opened. */
function disclosure(className, summary, fill) {
  const details = element('details', { class: className }, element('summary', {}, summary))
  details.addEventListener('toggle', () => details.append(...fill().filter(Boolean)), { once: true })
  return details
}

function code(text) {
  // Reached by the keyboard, since it may be wider than the page.
  return element('pre', { tabindex: '0' }, element('code', {}, text))
}

function block(title, value) {
  if (value === undefined) return null
  return element('div', {}, element('h4', {}, title), code(JSON.stringify(value, null, 2)))
}

function schema(title, value) {
  if (!value) return null
  return disclosure('schema', title, () => [code(JSON.stringify(value, null, 2))])
}

function resolve(api, part) {
  if (!part.$ref) return part
  const names = part.$ref.slice(2).split('/')
  return resolve(
    api,
    names.reduce((found, name) => found[name], api),
  )
}

function badge(text, kind) {
  return element('span', { class: `badge ${kind}` }, text)
}

function contentOf({ content = {} }) {
  return content['application/json'] ?? Object.values(content)[0] ?? {}
}

/** A line for the shell that does what the example says. */
function curl(api, method, path, route) {
  const examples = new Map((route.parameters ?? []).map(({ name, example }) => [name, example]))
  const filled = path.replace(/\{(\w+)\}/g, (_all, name) => examples.get(name))
  const query = (route.parameters ?? []).filter(entry => entry.in === 'query' && entry.example !== undefined)
  const search = query.map(({ name, example }) => `${name}=${encodeURIComponent(example)}`).join('&')
  const lines = [
    `curl ${method === 'get' ? '' : `-X ${method.toUpperCase()} `}'${api.servers[0].url}${filled}${search && `?${search}`}'`,
  ]
  if (!route.security.some(way => !way.bearer)) lines.push(`-H "Authorization: Bearer $TOKEN"`)
  const content = route.requestBody?.content
  const { example } = content?.['application/json'] ?? {}
  if (example) {
    lines.push(`-H 'Content-Type: application/json'`)
    lines.push(`-d '${JSON.stringify(example).replaceAll("'", "'\\''")}'`)
  } else if (content) lines.push(`-F file=@FILE`)
  return lines.join(' \\\n  ')
}

function routeEntry(api, { method, path, route }) {
  const summary = [
    badge(method.toUpperCase(), method),
    element('code', {}, path),
    element('span', {}, route.summary),
  ]
  return disclosure('entry', summary, () => [
    element('p', { class: 'quiet' }, route.description),
    element('div', {}, element('h4', {}, 'Example'), code(curl(api, method, path, route))),
    schema('Parameters', route.parameters?.length ? route.parameters : null),
    schema('Body', route.requestBody && contentOf(route.requestBody).schema),
    schema('Answer', contentOf(route.responses[200]).schema),
    element(
      'ul',
      { class: 'quiet codes' },
      Object.entries(route.responses).map(([status, { description }]) =>
        element('li', {}, element('code', {}, status), ` ${description}`),
      ),
    ),
    element('a', { href: `docs/try.html#/${route.tags[0]}/${route.operationId}` }, 'Try it out'),
  ])
}

function callEntry(api, { action, namespaces, call }) {
  const message = resolve(api, call.messages[0])
  const reply = call.reply && resolve(api, call.reply.messages[0])
  const isCall = action === 'receive'
  const summary = [
    badge(isCall ? 'call' : 'event', action),
    element('code', {}, message.name),
    element('span', {}, call.summary),
  ]
  return disclosure('entry', summary, () => [
    element('p', { class: 'quiet' }, `${call.description} On ${namespaces.join(' and ')}.`),
    block('Example', message.examples?.[0].payload),
    schema(isCall ? 'Input' : 'Payload', message.payload),
    schema('Acknowledgement', reply?.payload),
  ])
}

/** @param entries `{ group, text, show }` of each: under which it stands, what it is found by, what it looks like */
function list(place, entries) {
  const groups = [...Map.groupBy(entries, ({ group }) => group)].map(([name, own]) => {
    const title = [element('h3', {}, name), element('span', { class: 'count' }, String(own.length))]
    const details = disclosure('group', title, () =>
      own.map(entry => {
        entry.node = entry.show()
        entry.node.hidden = entry.hidden
        return entry.node
      }),
    )
    return { own, details }
  })
  place.append(...groups.map(({ details }) => details))
  /** Shows what has all words, opened. @returns how many */
  return words => {
    for (const { own, details } of groups) {
      for (const entry of own) {
        entry.hidden = !words.every(word => entry.text.includes(word))
        if (entry.node) entry.node.hidden = entry.hidden
      }
      details.hidden = own.every(({ hidden }) => hidden)
      details.open = words.length > 0 && !details.hidden
    }
    return entries.filter(({ hidden }) => !hidden).length
  }
}

function routesOf(api) {
  return Object.entries(api.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, route]) => ({
      group: route.tags[0],
      text: `${method} ${path} ${route.operationId} ${route.summary}`.toLowerCase(),
      hidden: false,
      show: () => routeEntry(api, { method, path, route }),
    })),
  )
}

/** What is the same on both namespaces stands once. */
function callsOf(api) {
  const calls = Map.groupBy(
    Object.values(api.operations),
    ({ action, messages }) => `${action} ${messages[0].$ref.split('/').at(-1)}`,
  )
  return [...calls.values()].map(same => {
    const [call] = same
    const { name } = resolve(api, call.messages[0])
    const namespaces = same.map(({ channel }) => resolve(api, channel).address)
    return {
      group: name.split(':')[0],
      text: `${name} ${call.summary}`.toLowerCase(),
      hidden: false,
      show: () => callEntry(api, { action: call.action, namespaces, call }),
    }
  })
}

const [openApi, asyncApi] = await Promise.all(
  ['openapi.json', 'asyncapi.json'].map(async path => (await fetch(path)).json()),
)
const place = id => document.querySelector(id)
place('#http-about').textContent = openApi.info.description
place('#socket-about').textContent = asyncApi.info.description
const filters = [list(place('#routes'), routesOf(openApi)), list(place('#calls'), callsOf(asyncApi))]
place('#filter').addEventListener('input', ({ target }) => {
  const words = target.value.toLowerCase().split(/\s+/).filter(Boolean)
  const counts = filters.map(filter => filter(words))
  place('#nothing').hidden = counts.some(count => count > 0)
})
