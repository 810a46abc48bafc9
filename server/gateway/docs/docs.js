/* Shows /asyncapi.json as a list of events, and /openapi.json through Swagger UI. */

function element(name, content, className) {
  const node = document.createElement(name)
  if (className) node.className = className
  node.append(...[content].flat().filter(part => part !== undefined && part !== null))
  return node
}

function schemaBlock(title, schema) {
  return element('details', [element('summary', title), element('pre', JSON.stringify(schema, null, 2))])
}

function resolve(document, { $ref }) {
  return $ref
    .slice(2)
    .split('/')
    .reduce((part, name) => part[name], document)
}

function operationBlock(document, operation) {
  const message = resolve(document, operation.messages[0])
  const reply = operation.reply && resolve(document, operation.reply.messages[0])
  return element(
    'article',
    [
      element('h4', [
        element('span', operation.action === 'receive' ? 'call' : 'event', `tag ${operation.action}`),
        element('code', message.name),
      ]),
      element('p', operation.summary),
      element('p', operation.description, 'quiet'),
      schemaBlock(operation.action === 'receive' ? 'Input' : 'Payload', message.payload),
      reply && schemaBlock('Acknowledgement', reply.payload),
    ],
    'operation',
  )
}

function channelBlock(document, name, channel) {
  const own = Object.values(document.operations).filter(
    operation => operation.channel.$ref === `#/channels/${name}`,
  )
  const group = (title, action) => [
    element('h4', title),
    ...own.filter(entry => entry.action === action).map(entry => operationBlock(document, entry)),
  ]
  return element('section', [
    element('h3', element('code', channel.address)),
    ...group('What a client calls', 'receive'),
    ...group('What the server says', 'send'),
  ])
}

const response = await fetch('/asyncapi.json')
const asyncApi = await response.json()
document.querySelector('#socket-about').textContent = asyncApi.info.description
document
  .querySelector('#channels')
  .append(
    ...Object.entries(asyncApi.channels).map(([name, channel]) => channelBlock(asyncApi, name, channel)),
  )

globalThis.SwaggerUIBundle({ url: '/openapi.json', dom_id: '#swagger', defaultModelsExpandDepth: -1 })
