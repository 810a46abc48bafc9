import { toJsonSchema } from '@valibot/to-json-schema'
import type { GenericSchema } from 'valibot'
import {
  type Code,
  codes,
  commonCodes,
  events,
  type HttpBinding,
  type Namespace,
  type Operation,
  operations,
  protocolVersion,
  type Role,
  type ServerEvent,
} from '#protocol'
import { chatStreamEvent } from '#protocol/chat/chat'
import { exampleIds } from '#protocol/core/example'

type Json = Record<string, unknown>

const all = Object.entries(operations) as [string, Operation][]
const allEvents = Object.entries(events) as [string, ServerEvent][]

const info = {
  title: 'Parley',
  version: `${protocolVersion}.0.0`,
  license: { name: 'MIT', url: 'https://opensource.org/license/mit' },
}

/** OpenAPI 3.1 of everything under /api/v1, made from the definitions. */
export function openApi(serverUrl: string): Json {
  const paths: Record<string, Json> = {}
  for (const [name, operation] of all) {
    for (const [index, binding] of operation.http.entries()) {
      const operationId = index === 0 ? name : `${name}:${binding.method.toLowerCase()}`
      paths[binding.path] ??= {}
      paths[binding.path]![binding.method.toLowerCase()] = {
        operationId,
        ...describeRoute(name, operation, binding),
      }
    }
  }
  return {
    openapi: '3.1.0',
    info: {
      ...info,
      description: 'The HTTP side: the same operations as on the socket, files and administration.',
    },
    servers: [{ url: `${serverUrl}/api/v1` }],
    paths,
    components: {
      securitySchemes: { bearer: { type: 'http', scheme: 'bearer' } },
      schemas: { Failure: failureSchema() },
    },
  }
}

/** AsyncAPI 3 of both socket namespaces, made from the definitions. */
export function asyncApi(serverUrl: string): Json {
  const namespaces = ['visitor', 'agent'] as const
  const messages = Object.fromEntries([...all.flatMap(describeCall), ...allEvents.map(describeEvent)])
  const url = new URL(serverUrl)
  return {
    asyncapi: '3.0.0',
    info: {
      ...info,
      description: 'The socket side: socket.io 4, websocket transport. Acknowledgements are replies.',
    },
    defaultContentType: 'application/json',
    servers: {
      this: {
        host: url.host,
        pathname: `${url.pathname.replace(/\/$/, '')}/socket.io/`,
        protocol: url.protocol === 'https:' ? 'wss' : 'ws',
      },
    },
    channels: Object.fromEntries(namespaces.map(namespace => [namespace, describeChannel(namespace)])),
    operations: Object.assign({}, ...namespaces.map(describeActions)),
    components: { messages, schemas: { Failure: failureSchema() } },
  }
}

function describeCall([name, operation]: [string, Operation]): [string, Json][] {
  if (operation.namespaces.length === 0) return []
  const id = identifier(name)
  const { summary, example } = operation
  return [
    [id, { name, summary, payload: inputSchema(operation.input), examples: [{ payload: example }] }],
    [`${id}_reply`, { name, summary: 'Acknowledgement', payload: envelope(operation) }],
  ]
}

function describeEvent([name, event]: [string, ServerEvent]): [string, Json] {
  return [identifier(name), { name, summary: event.summary, payload: outputSchema(event.payload) }]
}

function describeChannel(namespace: Namespace): Json {
  const calls = all
    .filter(isOn(namespace))
    .flatMap(([name]) => [identifier(name), `${identifier(name)}_reply`])
  const ids = [...calls, ...allEvents.filter(isOn(namespace)).map(([name]) => identifier(name))]
  return {
    address: `/${namespace}`,
    title: `socket.io namespace /${namespace}`,
    messages: Object.fromEntries(ids.map(id => [id, { $ref: `#/components/messages/${id}` }])),
  }
}

function describeActions(namespace: Namespace): Json {
  const channel = reference('channels', namespace)
  const calls = all.filter(isOn(namespace)).map(([name, operation]) => {
    const id = identifier(name)
    const action = {
      action: 'receive',
      summary: operation.summary,
      description: describeAccess(operation),
      channel,
      messages: [messageReference(namespace, id)],
      reply: { channel, messages: [messageReference(namespace, `${id}_reply`)] },
    }
    return [`${namespace}_${id}`, action]
  })
  const described = allEvents.filter(isOn(namespace)).map(([name, event]) => {
    const id = identifier(name)
    const action = {
      action: 'send',
      summary: event.summary,
      description: event.durable ? 'Durable: replayed by conversation:open.' : 'Passing: not replayed.',
      channel,
      messages: [messageReference(namespace, id)],
    }
    return [`${namespace}_${id}`, action]
  })
  return Object.fromEntries([...calls, ...described])
}

function isOn(namespace: Namespace) {
  return ([, { namespaces }]: [string, { namespaces: readonly Namespace[] }]) =>
    namespaces.includes(namespace)
}

function describeRoute(name: string, operation: Operation, binding: HttpBinding): Json {
  const input = inputSchema(operation.input) as { properties?: Record<string, Json>; required?: string[] }
  const called = (field: string) =>
    Object.entries(binding.aliases ?? {}).find(([, name]) => name === field)?.[0] ?? field
  const example = operation.example as Json
  const inPath = [...binding.path.matchAll(/\{(\w+)\}/g)].map(match => match[1]!)
  const implied = new Set([...inPath, ...Object.keys(binding.fixed ?? {})])
  const fields = Object.entries(input.properties ?? {}).filter(([field]) => !implied.has(field))
  const required = (input.required ?? []).filter(field => !implied.has(field)).map(called)
  const hasBody = binding.method === 'POST' || binding.method === 'PUT'
  const query = hasBody ? [] : fields
  return {
    summary: operation.summary,
    description: describeAccess(operation),
    tags: [name.split(':')[0]],
    security: operation.role === 'anyone' ? [{}, { bearer: [] }] : [{ bearer: [] }],
    parameters: [
      ...inPath.map(field => ({
        name: field,
        in: 'path',
        required: true,
        schema: input.properties?.[field] ?? {},
        example: example[field] ?? (exampleIds as Json)[field],
      })),
      ...query.map(([field, schema]) => ({
        name: called(field),
        in: 'query',
        required: required.includes(called(field)),
        schema,
        ...(field in example && { example: example[field] }),
      })),
    ],
    ...(hasBody &&
      fields.length > 0 && {
        requestBody: describeBody(binding, {
          properties: Object.fromEntries(fields.map(([field, schema]) => [called(field), schema])),
          required,
          example: Object.fromEntries(
            fields.flatMap(([field]) => (field in example ? [[called(field), example[field]]] : [])),
          ),
        }),
      }),
    responses: describeResponses(operation, binding),
  }
}

function describeBody(
  binding: HttpBinding,
  { properties, required, example }: { properties: Record<string, Json>; required: string[]; example: Json },
): Json {
  const { file: _file, body: _body, ...plain } = properties
  const multipart = {
    type: 'object',
    properties: { ...plain, file: { type: 'string', format: 'binary' } },
    required: ['file'],
  }
  if (binding.body === 'multipart') {
    const json =
      'body' in properties
        ? {
            'application/json': {
              schema: { type: 'array', items: { type: 'object' } },
              example: example.body,
            },
          }
        : {}
    return { required: true, content: { 'multipart/form-data': { schema: multipart }, ...json } }
  }
  return {
    required: required.length > 0,
    content: { 'application/json': { schema: { type: 'object', properties, required }, example } },
  }
}

function describeResponses(operation: Operation, binding: HttpBinding): Json {
  const stream = { 'text/event-stream': { schema: outputSchema(chatStreamEvent) } }
  const json = { 'application/json': { schema: successSchema(operation) } }
  const file = { 'application/octet-stream': { schema: { type: 'string', format: 'binary' } } }
  const failures = new Map<number, Code[]>()
  for (const code of new Set([...commonCodes, ...operation.errors])) {
    const { status } = codes[code]
    failures.set(status, [...(failures.get(status) ?? []), code])
  }
  return {
    200: { description: 'Success', content: { sse: stream, file, json }[binding.response ?? 'json'] },
    ...Object.fromEntries(
      [...failures].map(([status, names]) => [
        status,
        {
          description: names.join(', '),
          content: { 'application/json': { schema: { $ref: '#/components/schemas/Failure' } } },
        },
      ]),
    ),
  }
}

function describeAccess({ role, errors }: { role: Role; errors: readonly Code[] }): string {
  const who = role === 'anyone' ? 'Anybody' : `From role \`${role}\` on`
  return errors.length > 0 ? `${who}. Codes of its own: ${errors.join(', ')}.` : `${who}.`
}

function envelope(operation: Operation): Json {
  return { oneOf: [successSchema(operation), { $ref: '#/components/schemas/Failure' }] }
}

function successSchema(operation: Operation): Json {
  return {
    type: 'object',
    properties: { success: { const: true }, data: outputSchema(operation.output), ...replyFields },
    required: ['success', 'data', 'timestamp', 'request_id'],
  }
}

const replyFields = { timestamp: { type: 'string', format: 'date-time' }, request_id: { type: 'string' } }

function failureSchema(): Json {
  return {
    type: 'object',
    properties: {
      success: { const: false },
      error: {
        type: 'object',
        properties: {
          code: { enum: Object.keys(codes) },
          message: { type: 'string' },
          details: {},
          retryable: { type: 'boolean' },
        },
        required: ['code', 'message', 'retryable'],
      },
      ...replyFields,
    },
    required: ['success', 'error', 'timestamp', 'request_id'],
  }
}

/** What a schema cannot say in JSON Schema (a check, a transformation) is left out of the document. */
function inputSchema(schema: GenericSchema): Json {
  return strip(toJsonSchema(schema, { typeMode: 'input', errorMode: 'ignore' }))
}

function outputSchema(schema: GenericSchema): Json {
  return strip(toJsonSchema(schema, { typeMode: 'output', errorMode: 'ignore' }))
}

function strip({ $schema: _dialect, ...schema }: object & { $schema?: unknown }): Json {
  return schema as Json
}

function identifier(name: string): string {
  return name.replaceAll(':', '_')
}

function reference(kind: string, name: string): Json {
  return { $ref: `#/${kind}/${name}` }
}

function messageReference(namespace: string, id: string): Json {
  return { $ref: `#/channels/${namespace}/messages/${id}` }
}
