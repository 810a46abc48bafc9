/**
 * Part of `npm run check`: the official readers of both API documents. Prints what the AsyncAPI parser and Redocly's
 * recommended rules say, and ends with 1 where one of them calls it an error.
 */
import { Parser } from '@asyncapi/parser'
import { createConfig, lintFromString } from '@redocly/openapi-core'
import { asyncApi, openApi } from '../../server/transport/api-docs.ts'

const serverUrl = 'https://chat.shop.example'
/** What the AsyncAPI parser calls an error; warnings and hints come above it. */
const errorSeverity = 0

async function checkAsyncApi(): Promise<string[]> {
  const { diagnostics } = await new Parser().parse(JSON.stringify(asyncApi(serverUrl)))
  return diagnostics
    .filter(({ severity }) => severity === errorSeverity)
    .map(({ path, message }) => `asyncapi.json ${path.join('.')}: ${message}`)
}

async function checkOpenApi(): Promise<string[]> {
  const config = await createConfig({ extends: ['recommended'] })
  const source = JSON.stringify(openApi(serverUrl))
  const problems = await lintFromString({ source, config, absoluteRef: 'openapi.json' })
  return problems
    .filter(({ severity }) => severity === 'error')
    .map(({ location, message, ruleId }) => `openapi.json ${location[0]?.pointer}: ${message} (${ruleId})`)
}

const problems = (await Promise.all([checkAsyncApi(), checkOpenApi()])).flat()
for (const problem of problems) console.error(problem)
if (problems.length > 0) process.exitCode = 1
